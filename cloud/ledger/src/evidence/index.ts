/** Verification of blocks without a ledger at hand: for receipts and audits. */
export type { CommittedDefinition } from "./committed-definition.ts";
export { committedDefinition, definitionCommitsIn } from "./committed-definition.ts";
export type { BlockNotProvenCode, ProvenBlock, ProvenTransaction } from "./verify-block.ts";
export { BlockNotProvenError, BlockVerifier, provenTransactionOf, verifyChain } from "./verify-block.ts";
export type { MemberSignature, MemberSignatureVerdict } from "./verify-member.ts";
export { verifyMemberSignature } from "./verify-member.ts";
export type { OrderedBlock, OrderedTransaction } from "./verify-ordered-block.ts";
export { OrderedBlockVerifier, readOrderedBlock } from "./verify-ordered-block.ts";
