import { endOf, type Sc1 } from "../agreement/index.ts";
import { GAP_GRACE_MS } from "../sc2/index.ts";
import { deadlinesOf, sc1DeadlinesOf } from "./documents.ts";

/**
 * Instants whose passing decides something about an SC1 and the SC2 under it, each once, in order: until when it may
 * be accepted, from when gaps are priced, and the deadlines of disputes. Whoever attests these keeps deadlines moving.
 *
 * @returns UTC milliseconds
 */
export function contractInstants(contract: {
  readonly terms: Pick<Sc1["terms"], "intervals">;
  readonly policy: Sc1["policy"];
}): number[] {
  const endUnixMs = endOf(contract.terms);
  const instants = [
    // A replacement begins with an interval of its own.
    ...contract.terms.intervals.map(({ startUnixMs }) => startUnixMs),
    endUnixMs,
    endUnixMs + GAP_GRACE_MS,
    ...Object.values(deadlinesOf(contract)),
    ...Object.values(sc1DeadlinesOf(contract)),
  ];
  return [...new Set(instants)].sort((left, right) => left - right);
}
