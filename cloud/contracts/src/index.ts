/**
 * Public face of @gridpact/contracts: the chaincode `gridpact`, the types of its transactions, and the pure rules by
 * which others check what it did.
 */

export { AGGREGATOR_ACCOUNT, accountHolder, deviceAccount, type Transfer, vnAccount } from "./accounts/index.ts";
export {
  type AmendedOrder,
  amendmentHash,
  type Baselines,
  baselineCommitment,
  CHUNKS_PER_SC1_MAX,
  type ChunkStatus,
  SC2_PER_CHUNK_MAX,
  SC2_PER_SC1_MAX,
  type Sc1,
  type Sc1State,
  type Sc1Terms,
  type Sc1View,
  type Sc2,
  type Sc2State,
  type Sc2Terms,
  termsHash,
  termsInForce,
} from "./agreement/index.ts";
export { type Anchor, type InclusionPath, isIncluded } from "./anchors/index.ts";
export { CONTRACT_ERROR_CODES, ContractError, type ContractErrorCode, contractErrorCode } from "./contract-error.ts";
export {
  type ChunkOfSc2,
  contractInstants,
  type Dispute,
  deadlinesOf,
  type Recomputation,
  recomputeSc1,
  rulingClaimId,
  type Sc1Dispute,
  sc1DeadlinesOf,
} from "./disputes/index.ts";
export { type Evidence, type EvidenceBasis, verifyEvidence } from "./evidence/index.ts";
export { DEFAULT_PROGRAMME_ID, type Policy, type Programme } from "./programmes/index.ts";
export type { Device, DeviceRevision, VirtualNode } from "./registry/index.ts";
export {
  collections,
  contracts,
  contractsVerifyingWith,
  type PastTransaction,
  type Replay,
  replayTransaction,
} from "./replay/index.ts";
export { GAP_GRACE_MS, SC2_BATCH_MAX } from "./sc2/index.ts";
export {
  checkSupplyOpening,
  SUPPLY_INPUT,
  type SupplyAgreement,
  type SupplyCommitment,
  type SupplyTerms,
} from "./supply/index.ts";
export {
  ACCESS,
  type AccessRow,
  CHAINCODE_EVENT,
  type ChaincodeEventName,
  type CollectionDefinition,
  privateHashHex,
  ROLE_MSP_IDS,
  ROLES,
  type Role,
  type Scope,
  type TransactionName,
} from "./transaction/index.ts";
export { readResult, type TransactionArgument, type TransactionResult } from "./transactions.ts";
