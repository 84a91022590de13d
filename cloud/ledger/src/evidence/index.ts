/** Verification of blocks without a ledger at hand: for receipts and audits. */
export type { BlockFault, BlockTrust, ProvenBlock, ProvenTransaction } from "./verify-block.ts";
export { BlockNotProvenError, verifyBlock, verifyChain } from "./verify-block.ts";
