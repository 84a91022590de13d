import type { VirtualNodeProfile } from "@gridpact/proto";

/** A virtual node that the operator has enrolled, with what it last said about itself. */
export type VirtualNode = {
  vnId: string;
  /** Organisation whose authority certifies the node and its devices. */
  mspId: string;
  /** Whether the ledger's registry knows the node; it cannot enrol devices before. */
  isOnLedger: boolean;
  /** What the node wants for a delivered Wh; a request pays this price. */
  priceMicroPerWh: bigint;
  /** What the node's connection to the grid can carry, W; null when the operator did not state it. */
  importWMax: number | null;
  enrolledAtUnixMs: number;
  /** Newest heartbeat, or null before the first one. */
  heartbeat: { atUnixMs: number; profile: VirtualNodeProfile } | null;
  /** Share of its orders that the node delivered, newest events weighing most. */
  reliabilityPerMille: number;
  /** What came of its newest events, oldest first; the reliability has learned from each of them once. */
  outcomes: NodeOutcome[];
};

/** Orders and deliveries of one node in one event, Wh. */
type NodeOutcome = { eventId: string; orderedWh: bigint; deliveredWh: bigint };

/** What the operator states at enrolment. */
export type VirtualNodeEnrolment = { vnId: string; mspId: string; priceMicroPerWh: bigint; importWMax?: number | null };

/** Optimistic start: a new node is tried first and learns its place from the first event on. */
const RELIABILITY_START_PER_MILLE = 1_000;

/** Weight of the newest event: after four events the start value weighs less than a third. */
const LEARNING_RATE_PER_MILLE = 250;

/** A season of weekly events. What-ifs draw from them; a crash can only repeat the very newest. */
export const OUTCOMES_MAX = 64;

/** A node as it is before its first heartbeat and its first event; the ledger does not know it yet. */
export function enrolVirtualNode(enrolment: VirtualNodeEnrolment, enrolledAtUnixMs: number): VirtualNode {
  return {
    importWMax: null,
    ...enrolment,
    isOnLedger: false,
    enrolledAtUnixMs,
    heartbeat: null,
    reliabilityPerMille: RELIABILITY_START_PER_MILLE,
    outcomes: [],
  };
}

/** The node with the outcome of one event learned; unchanged when it is known already or nothing was ordered. */
export function learnFromEvent(node: VirtualNode, outcome: NodeOutcome): VirtualNode {
  const isKnown = node.outcomes.some(({ eventId }) => eventId === outcome.eventId);
  if (outcome.orderedWh === 0n || isKnown) return node;
  const observedPerMille = deliveredPerMille(outcome);
  const step = Math.trunc(((observedPerMille - node.reliabilityPerMille) * LEARNING_RATE_PER_MILLE) / 1_000);
  return {
    ...node,
    reliabilityPerMille: node.reliabilityPerMille + step,
    outcomes: [...node.outcomes, outcome].slice(-OUTCOMES_MAX),
  };
}

/** Share of an order (> 0) that was delivered. */
export function deliveredPerMille({ orderedWh, deliveredWh }: NodeOutcome): number {
  return Number((deliveredWh * 1_000n) / orderedWh);
}
