/** What a virtual node and its prosumers agree on in private: values for the two, salted hashes for the channel. */
export { AGREE_SUPPLY, GET_SUPPLY_AGREEMENT, GET_SUPPLY_COMMITMENT, SUPPLY_INPUT } from "./agree.ts";
export { checkSupplyOpening } from "./check-opening.ts";
export { SUPPLY_COLLECTION, type SupplyAgreement, type SupplyCommitment, type SupplyTerms } from "./documents.ts";
export { SupplyContract } from "./supply-contract.ts";
