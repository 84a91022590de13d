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
  enrolledAtUnixMs: number;
  /** Newest heartbeat, or null before the first one. */
  heartbeat: { atUnixMs: number; profile: VirtualNodeProfile } | null;
  /** Share of its orders that the node delivered, newest events weighing most. */
  reliabilityPerMille: number;
  /** Newest events that the reliability has learned from, so that none counts twice after a crash. */
  learnedEventIds: string[];
};

/** What the operator states at enrolment. */
export type VirtualNodeEnrolment = { vnId: string; mspId: string; priceMicroPerWh: bigint };

/** Optimistic start: a new node is tried first and learns its place from the first event on. */
const RELIABILITY_START_PER_MILLE = 1_000;

/** Weight of the newest event: after four events the start value weighs less than a third. */
const LEARNING_RATE_PER_MILLE = 250;

/** A crash can only repeat the newest events, so a short memory is enough. */
export const LEARNED_EVENTS_MAX = 64;

export function enrolVirtualNode(enrolment: VirtualNodeEnrolment, enrolledAtUnixMs: number): VirtualNode {
  return {
    ...enrolment,
    isOnLedger: false,
    enrolledAtUnixMs,
    heartbeat: null,
    reliabilityPerMille: RELIABILITY_START_PER_MILLE,
    learnedEventIds: [],
  };
}

/** The node with the outcome of one event learned; unchanged when it is known already or nothing was ordered. */
export function learnFromEvent(
  node: VirtualNode,
  event: { eventId: string; orderedWh: bigint; deliveredWh: bigint },
): VirtualNode {
  if (event.orderedWh === 0n || node.learnedEventIds.includes(event.eventId)) return node;
  const observedPerMille = Number((event.deliveredWh * 1_000n) / event.orderedWh);
  const step = Math.trunc(((observedPerMille - node.reliabilityPerMille) * LEARNING_RATE_PER_MILLE) / 1_000);
  return {
    ...node,
    reliabilityPerMille: node.reliabilityPerMille + step,
    learnedEventIds: [...node.learnedEventIds, event.eventId].slice(-LEARNED_EVENTS_MAX),
  };
}
