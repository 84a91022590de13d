/** Disputes: opened, evidenced, ruled or lapsed, closed; and the release of what was held back. */
export { CLOSE_DISPUTE, RELEASE, RULE } from "./close.ts";
export { DisputesContract } from "./disputes-contract.ts";
export { type Dispute, deadlinesOf, rulingClaimId, type Sc1Dispute, sc1DeadlinesOf } from "./documents.ts";
export { contractInstants } from "./instants.ts";
export { GET_DISPUTE, OPEN_DISPUTE, SUBMIT_EVIDENCE } from "./open.ts";
export { type ChunkOfSc2, type Recomputation, recomputeSc1 } from "./recompute.ts";
export { CLOSE_SC1_DISPUTE, RELEASE_SC1, RULE_SC1 } from "./sc1-close.ts";
export { GET_SC1_DISPUTE, OPEN_SC1_DISPUTE, SUM_ANEW } from "./sc1-open.ts";
