/** Verification of blocks without a ledger at hand: for receipts and audits. */
export type { BlockNotProvenCode, ProvenBlock, ProvenTransaction } from "./verify-block.ts";
export { BlockNotProvenError, BlockVerifier, verifyChain } from "./verify-block.ts";
export type { OrderedBlock, OrderedTransaction } from "./verify-ordered-block.ts";
export { OrderedBlockVerifier } from "./verify-ordered-block.ts";
