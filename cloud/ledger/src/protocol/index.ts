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
export type { BlockFault, BlockVerdict } from "./block-check.ts";
export { BlockChecker, ordererQuorum } from "./block-check.ts";
export type { Consortium } from "./genesis.ts";
export { buildConfig, buildGenesisEnvelope, readGenesisEnvelope } from "./genesis.ts";
export type { Signer } from "./policy.ts";
export { buildEndorsementPolicy, isPolicySatisfied } from "./policy.ts";
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
export type { TransactionRules, ValidationCode } from "./transaction-check.ts";
export {
  CHAINCODE_ERROR_STATUS,
  checkTransaction,
  isEndorsedEnough,
  VALIDATION_CODE,
  validationCodeName,
  verifiedEndorsers,
} from "./transaction-check.ts";
