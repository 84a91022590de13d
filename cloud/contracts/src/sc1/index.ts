/** Contracts between the aggregator and virtual nodes. */
export { ACCEPT_SC1, COMMIT_BASELINES, REFUSE_SC1 } from "./acceptance.ts";
export { COMPLETE_SC1 } from "./completion.ts";
export { CALL_FALLBACK } from "./fallback.ts";
export { GET_BASELINE, GET_CHUNK, GET_SC1 } from "./read-contract.ts";
export { Sc1Contract } from "./sc1-contract.ts";
export { deliverySums, SETTLE_SC1, sc1SettlementFrom, sumSc2 } from "./settlement.ts";
export { SETUP_SC1 } from "./setup.ts";
