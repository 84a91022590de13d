/** Messages of the Fabric protocol as plain values: built deterministically, parsed with every bound checked. */
export type { Block, BlockHeader, BlockSignature } from "./block.ts";
export {
  blockDataHash,
  blockHeaderHash,
  commitHash,
  committedBytes,
  consenterIdOf,
  decodeBlock,
  encodeBlock,
  encodeIdentifierHeader,
  encodeSignatureHeader,
  orderedBytes,
} from "./block.ts";
export type { BlockFault } from "./block-check.ts";
export { BlockChecker, ordererQuorum } from "./block-check.ts";
export { type Collection, type CollectionRules, Collections, implicitCollectionOf } from "./collections.ts";
export { deployedPolicies } from "./deployed-policies.ts";
export type { Consortium } from "./genesis.ts";
export { buildConfig, buildGenesisEnvelope, readGenesisEnvelope } from "./genesis.ts";
export { type DefinitionChange, definitionChangeIn } from "./lifecycle.ts";
export { buildEndorsementPolicy } from "./policy.ts";
export type { ParsedProposal, ProposalContent } from "./proposal.ts";
export { buildProposal, NONCE_BYTES, parseProposal, transactionIdOf } from "./proposal.ts";
export type {
  CollectionReadWriteSet,
  MetadataWrite,
  NamespaceReadWriteSet,
  PrivateWrites,
  Version,
  Write,
} from "./read-write-set.ts";
export {
  decodePrivateWrites,
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
export {
  buildResponsePayload,
  buildTransaction,
  parseTransaction,
  parseTransactionHeader,
  tryParseTransaction,
} from "./transaction.ts";
export type { EndorsementPolicies, TransactionRules, ValidationCode } from "./transaction-check.ts";
export {
  CHAINCODE_ERROR_STATUS,
  checkTransaction,
  isEndorsedEnough,
  VALIDATION_CODE,
  validationCodeName,
  verifiedEndorsers,
} from "./transaction-check.ts";
