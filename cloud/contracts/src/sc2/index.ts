/** Contracts between a virtual node and its devices. */
export { ACCEPT_SC2, ACCEPT_SC2_BATCH } from "./acceptance.ts";
export { AMEND_SC2 } from "./amendment.ts";
export { SC2_BATCH_MAX } from "./batch.ts";
export { GET_SC2 } from "./read-contract.ts";
export { Sc2Contract } from "./sc2-contract.ts";
export {
  GAP_GRACE_MS,
  SETTLE_SC2,
  SETTLE_SC2_ARGUMENT,
  SETTLE_SC2_BATCH,
  settlementFrom,
  settleSc2Members,
} from "./settlement.ts";
export { SETUP_SC2, SETUP_SC2_BATCH } from "./setup.ts";
