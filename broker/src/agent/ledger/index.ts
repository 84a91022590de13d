/** The ledger as the agent uses it: acts that are not waited for, contracts read, credits folded. */
export { readSc1, readSc2, type Sc1, type Sc2, type Sc2Terms } from "./contract-reader.ts";
export { foldCredits } from "./fold-credits.ts";
export { readIncentive } from "./read-incentive.ts";
