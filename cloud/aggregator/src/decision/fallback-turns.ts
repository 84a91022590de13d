import {
  type CoverageOptions,
  type EventCourse,
  intervalIndexAt,
  type PlacedRequest,
  persistentShortfall,
} from "../event/index.ts";

/** A place in the order of fallbacks that a contract names. */
export type FallbackTurn = {
  /** The contract that names the node next. */
  inPlaceOf: string;
  /** No more than that contract orders; Wh in each interval of the event. */
  orderedWhMax: bigint[];
  /** Whose turn it is after that. */
  fallbackVnIds: string[];
};

/**
 * Nodes whose turn it is by contracts that fall short or came to nothing. The ledger holds the aggregator to that order
 * and extent, and in return takes the call as one for that very contract.
 */
export function fallbackTurns(event: EventCourse, options: CoverageOptions): Map<string, FallbackTurn> {
  const turns = new Map<string, FallbackTurn>();
  for (const placed of event.requests.filter((each) => needsFallback(each, options))) {
    const { contractId, fallbackVnIds } = placed.request;
    const [nextVnId, ...laterVnIds] = fallbackVnIds;
    if (nextVnId === undefined || turns.has(nextVnId)) continue;
    const orderedWhMax = event.plan.intervals.map(({ startUnixMs }) => {
      return placed.response?.nominatedWh[intervalIndexAt(placed.request, startUnixMs)] ?? 0n;
    });
    turns.set(nextVnId, { inPlaceOf: contractId, orderedWhMax, fallbackVnIds: laterVnIds });
  }
  return turns;
}

function needsFallback(placed: PlacedRequest, options: CoverageOptions): boolean {
  if (placed.state === "failed") return true;
  return placed.state === "contracted" && persistentShortfall(placed, options) !== undefined;
}
