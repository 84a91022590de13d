/** Disputes: opened, evidenced, ruled or lapsed, closed; and the release of what was held back. */
export { CLOSE_DISPUTE, RELEASE, RULE } from "./close.ts";
export { DisputesContract } from "./disputes-contract.ts";
export { contractInstants } from "./instants.ts";
export { GET_DISPUTE, OPEN_DISPUTE, SUBMIT_EVIDENCE } from "./open.ts";
