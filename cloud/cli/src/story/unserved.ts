import { type DrEvent, isUnserved, type UnservedState } from "@gridpact/aggregator";

/** A node that was asked in an event and came to no contract. */
export type Unserved = {
  vnId: string;
  role: string;
  state: UnservedState;
  /** The node's own words; empty when it said nothing. */
  reason: string;
};

/** Those whose requests have ended without a contract, in the order in which they were asked. */
export function unservedRequests({ requests }: Pick<DrEvent, "requests">): Unserved[] {
  return requests.flatMap(({ request, role, state, response }) =>
    isUnserved(state) ? [{ vnId: request.vnId, role, state, reason: response?.reason ?? "" }] : [],
  );
}
