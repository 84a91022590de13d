import { endOf, type Sc1 } from "../agreement/index.ts";
import { GAP_GRACE_MS } from "../sc2/index.ts";
import { deadlinesOf, sc1DeadlinesOf, suspendableFromUnixMs } from "./documents.ts";

/**
 * Instants whose passing decides something about an SC1 and the SC2 under it, each once, in order: until when it may
 * be accepted, from when gaps are priced, the deadlines of disputes, and from when a debtor may be suspended for what a
 * ruling left it owing. Whoever attests these keeps deadlines moving.
 *
 * @returns UTC milliseconds
 */
export function contractInstants(contract: {
  readonly terms: Pick<Sc1["terms"], "intervals">;
  readonly policy: Sc1["policy"];
}): number[] {
  const endUnixMs = endOf(contract.terms);
  const deadlines = [deadlinesOf(contract), sc1DeadlinesOf(contract)];
  const instants = [
    // A replacement begins with an interval of its own.
    ...contract.terms.intervals.map(({ startUnixMs }) => startUnixMs),
    endUnixMs,
    endUnixMs + GAP_GRACE_MS,
    ...deadlines.flatMap((each) => [...Object.values(each), suspendableFromUnixMs(each, contract.policy)]),
  ];
  return [...new Set(instants)].sort((left, right) => left - right);
}
