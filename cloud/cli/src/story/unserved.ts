import type { DrEvent } from "@gridpact/aggregator";

/** A node that was asked in an event and came to no contract. */
export type Unserved = {
  vnId: string;
  role: string;
  /** `expired`: it did not answer in time. `failed`: it accepted, and the contract did not come about. */
  state: "refused" | "expired" | "failed";
  /** The node's own words; empty when it said nothing. */
  reason: string;
};

/** Those whose requests have ended without a contract, in the order in which they were asked. */
export function unservedRequests({ requests }: Pick<DrEvent, "requests">): Unserved[] {
  return requests.flatMap(({ request, role, state, response }) => {
    const isUnserved = state === "refused" || state === "expired" || state === "failed";
    return isUnserved ? [{ vnId: request.vnId, role, state, reason: response?.reason ?? "" }] : [];
  });
}
