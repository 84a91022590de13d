/** Messages of the Fabric protocol as plain values: built deterministically, parsed with every bound checked. */
export type { Block, BlockHeader, BlockSignature, SignedMetadata } from "./block.ts";
export {
  blockDataHash,
  blockHeaderBytes,
  blockHeaderHash,
  commitHash,
  committedBytes,
  decodeBlock,
  encodeBlock,
  encodeSignatureHeader,
  orderedBytes,
  signatureHeaderCreator,
} from "./block.ts";
export type { BuiltProposal, ParsedHeader, ParsedProposal, ProposalContent } from "./proposal.ts";
export { buildProposal, NONCE_BYTES, parseProposal, transactionIdOf } from "./proposal.ts";
export type {
  CollectionReadWriteSet,
  MetadataWrite,
  NamespaceReadWriteSet,
  PrivateWrites,
  Read,
  Version,
  Write,
} from "./read-write-set.ts";
export {
  decodePrivateWrites,
  decodeReadWriteSet,
  encodePrivateWrites,
  encodeReadWriteSet,
} from "./read-write-set.ts";
export type {
  ChaincodeEvent,
  ChaincodeResponse,
  Endorsement,
  ParsedTransaction,
  SimulationResult,
} from "./transaction.ts";
export { buildResponsePayload, buildTransaction, parseTransaction, parseTransactionHeader } from "./transaction.ts";
