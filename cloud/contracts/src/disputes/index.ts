/** Disputes: opened, evidenced, ruled or lapsed, closed; and the release of what was held back. */
export { DisputesContract } from "./disputes-contract.ts";
export { type Dispute, deadlinesOf, rulingClaimId, type Sc1Dispute, sc1DeadlinesOf } from "./documents.ts";
export { contractInstants } from "./instants.ts";
export { type ChunkOfSc2, type Recomputation, recomputeSc1 } from "./recompute.ts";
export {
  CLOSE_SC1_DISPUTE,
  GET_SC1_DISPUTE,
  OPEN_SC1_DISPUTE,
  RELEASE_SC1,
  RULE_SC1,
  SUM_ANEW,
} from "./sc1-dispute.ts";
export { CLOSE_DISPUTE, GET_DISPUTE, OPEN_DISPUTE, RELEASE, RULE, SUBMIT_EVIDENCE } from "./sc2-dispute.ts";
