/**
 * Which prosumers make a node: first clusters from their history within hard limits, later moves between nodes where
 * that lowers what the nodes are expected to miss. Pure functions of what the nodes say of their prosumers.
 */
import { createHash } from "node:crypto";
import {
  type Cluster,
  DEFAULT_GUIDELINES,
  formClusters,
  type Member,
  type Move,
  type Prosumer,
  recluster,
} from "@gridpact/flexibility";
import type { ClusterGuidelines, ProsumerSummary } from "@gridpact/proto";

/** What a node last said of its prosumers, and since when each is a member of it. */
export type NodeMembers = { vnId: string; members: NodeMember[] };
/** A prosumer as its node describes it; `memberSinceUnixMs` is 0 for one that has never moved. */
export type NodeMember = ProsumerSummary & { memberSinceUnixMs: number };

/** What the aggregator proposes, with all that it follows from but the summaries, of which it keeps the hash. */
export type ClusterPlan = {
  plannedAtUnixMs: number;
  guidelines: ClusterGuidelines;
  /** SHA-256 (hex) of the summaries. */
  inputsHashHex: string;
  prosumerCount: number;
  /** Events that the moves were judged by. */
  eventCount: number;
  /** Nodes as they would be formed from history alone. */
  initial: { clusters: Cluster[]; unplacedIds: string[] };
  moves: Move[];
  /** Mean over nodes of what they are expected to miss, per mille of what they promise: as they are, and moved. */
  expectedErrorPerMille: number;
  movedErrorPerMille: number;
  /** In words for the operator. */
  reasons: string[];
};

/** A node of a street has some members; one contract takes 256 devices, replacements included. */
export const DEFAULT_CLUSTER_GUIDELINES: ClusterGuidelines = {
  membersMin: DEFAULT_GUIDELINES.membersMin,
  membersMax: DEFAULT_GUIDELINES.membersMax,
  // The rating of a usual secondary substation, so that a node stays below one.
  capacityWMax: 630_000,
  movesMax: DEFAULT_GUIDELINES.movesMax,
  dwellMs: DEFAULT_GUIDELINES.dwellMs,
  gainPerMilleMin: DEFAULT_GUIDELINES.gainShareMin * 1_000,
};

/** Chance is fixed, so that asking again does not give other clusters. */
const SEED = 1;

/** As the re-clustering wants it before it moves anybody. */
const EVENTS_MIN = 8;

/**
 * Forms clusters and looks for moves. Deterministic; undefined while no node has said anything.
 * @param fixed - Members that must stay where they are, with the reason in words
 */
export function planClusters(
  nodes: readonly NodeMembers[],
  guidelines: ClusterGuidelines,
  nowUnixMs: number,
  fixed: ReadonlyMap<string, string> = new Map(),
): ClusterPlan | undefined {
  const all = nodes.flatMap(({ vnId, members }) => members.map((member) => ({ vnId, ...member })));
  if (all.length === 0) return undefined;
  const { membersMin, membersMax, capacityWMax } = guidelines;
  const limits = { membersMin, membersMax, capacityWMax };
  const initial = formClusters(all.map(prosumerOf), { limits, seed: SEED });
  const eventIds = eventIdsOf(all);
  const { moves, expectedErrorBefore, expectedErrorAfter } = recluster(
    // Who must stay is one that has just come.
    all.map((member) => {
      const placed = fixed.has(member.prosumerId) ? { ...member, memberSinceUnixMs: nowUnixMs } : member;
      return memberOf(placed, eventIds);
    }),
    { guidelines: { ...guidelines, gainShareMin: guidelines.gainPerMilleMin / 1_000 }, nowUnixMs },
  );
  const [expectedErrorPerMille, movedErrorPerMille] = [perMille(expectedErrorBefore), perMille(expectedErrorAfter)];
  return {
    plannedAtUnixMs: nowUnixMs,
    guidelines,
    inputsHashHex: createHash("sha256").update(JSON.stringify(nodes)).digest("hex"),
    prosumerCount: all.length,
    eventCount: eventIds.length,
    initial: { clusters: [...initial.clusters], unplacedIds: [...initial.unplacedIds] },
    moves: [...moves],
    expectedErrorPerMille,
    movedErrorPerMille,
    reasons: [
      ...reasonsFor({ eventCount: eventIds.length, moves: moves.length, expectedErrorPerMille, movedErrorPerMille }),
      ...[...fixed].map(([prosumerId, reason]) => `${prosumerId} stays: ${reason}`),
    ],
  };
}

type Placed = NodeMember & { vnId: string };

/** The shape of the usual days, and beside it how it follows the weather: both tell like from unlike. */
function prosumerOf({ prosumerId, feeder, contractType, capacityW, dayW, wattPerKelvin }: Placed): Prosumer {
  const meanW = dayW.reduce((sum, powerW) => sum + Math.abs(powerW), 0) / Math.max(1, dayW.length) || 1;
  const profile = Float64Array.from([...dayW, wattPerKelvin ?? 0], (powerW) => powerW / meanW);
  return { prosumerId, feeder, contractType, capacityW, profile };
}

function memberOf(
  { prosumerId, vnId, feeder, contractType, events, memberSinceUnixMs }: Placed,
  eventIds: string[],
): Member {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return {
    memberId: prosumerId,
    vnId,
    exchangeKey: JSON.stringify([feeder, contractType]),
    promisedWh: Float64Array.from(eventIds, (id) => byId.get(id)?.promisedWh ?? 0),
    missedWh: Float64Array.from(eventIds, (id) => {
      const event = byId.get(id);
      return event === undefined ? 0 : event.deliveredWh - event.promisedWh;
    }),
    movedAtUnixMs: memberSinceUnixMs,
  };
}

/** All events that anybody remembers, oldest first. */
function eventIdsOf(members: readonly Placed[]): string[] {
  const starts = new Map(members.flatMap(({ events }) => events.map((event) => [event.eventId, event.startUnixMs])));
  return [...starts].sort(([left, at], [right, then]) => at - then || (left < right ? -1 : 1)).map(([id]) => id);
}

type Found = { eventCount: number; moves: number; expectedErrorPerMille: number; movedErrorPerMille: number };

function reasonsFor({ eventCount, moves, expectedErrorPerMille, movedErrorPerMille }: Found): string[] {
  if (eventCount < EVENTS_MIN) return [`no moves yet: ${eventCount} events are known, ${EVENTS_MIN} are needed`];
  if (moves === 0) return ["no move within the guidelines lowers what nodes are expected to miss by enough"];
  return [
    `${moves} moves lower what nodes are expected to miss from ${expectedErrorPerMille / 10} % ` +
      `to ${movedErrorPerMille / 10} % of what they promise`,
  ];
}

function perMille(share: number): number {
  return Math.round(share * 1_000);
}
