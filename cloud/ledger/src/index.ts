/** Public face of @gridpact/ledger: the client of the Fabric Gateway protocol, and the embedded ledger behind it. */
export type {
  AuditCounts,
  AuditFinding,
  AuditModules,
  AuditMoney,
  AuditReport,
  BlockProof,
  LedgerKind,
} from "./audit/index.ts";
export {
  auditBlocks,
  FINDINGS_MAX,
  FindingLog,
  LedgerAudit,
  OrderedChainVerifier,
  ProofThread,
} from "./audit/index.ts";
export type {
  ChainInfo,
  CommitStatus,
  Committed,
  EvaluateOptions,
  FetchedBlock,
  GatewayLedgerModules,
  GatewayLedgerOptions,
  Ledger,
  LedgerArgument,
  LedgerErrorCode,
  LedgerEvent,
  LedgerIdentity,
  OfflineCreator,
  PreparedTransaction,
  PrepareOptions,
  RemoteSigner,
  SigningStage,
} from "./client/index.ts";
export {
  CHAINCODE_NAME,
  CHANNEL_NAME,
  CommitError,
  CommitStatusError,
  EndorseError,
  EvaluateError,
  EventsError,
  GatewayLedger,
  LedgerError,
  NETWORK_REFUSALS,
  OfflineSigningError,
  SubmitError,
} from "./client/index.ts";
export {
  ask,
  chunksOfSc2,
  type DisputeCounts,
  DisputeKeeper,
  type DisputeKeeperModules,
  unlessRefused,
} from "./disputes/index.ts";
export type {
  BatchOptions,
  ChaincodeDefinition,
  CommittedTransaction,
  ContractSource,
  EmbeddedLedgerModules,
  EmbeddedLedgerOptions,
  NodeIdentity,
} from "./embedded/index.ts";
export {
  BATCH_DEFAULT,
  EmbeddedGateway,
  EmbeddedLedger,
  LedgerConfigError,
  LedgerDamagedError,
  readStoredBlocks,
} from "./embedded/index.ts";
export type {
  BlockNotProvenCode,
  CommittedDefinition,
  MemberSignature,
  MemberSignatureVerdict,
  OrderedBlock,
  OrderedTransaction,
  ProvenBlock,
  ProvenTransaction,
} from "./evidence/index.ts";
export {
  BlockNotProvenError,
  BlockVerifier,
  committedDefinition,
  definitionCommitsIn,
  OrderedBlockVerifier,
  verifyChain,
  verifyMemberSignature,
} from "./evidence/index.ts";
export type { GatewayService } from "./gateway/index.ts";
export { GatewayStatusError, inProcessClient } from "./gateway/index.ts";
export type {
  Authority,
  Certificate,
  CertificateRequest,
  IssuingModules,
  MspId,
  NodeKind,
  Organisation,
  Validity,
} from "./identity/index.ts";
export { CertificateError, issueAuthority, issueCertificate, MSP_IDS, readCertificate } from "./identity/index.ts";
export type {
  ActState,
  EnqueueOptions,
  OutboxErrorCode,
  OutboxKey,
  OutboxMetrics,
  OutboxModules,
  OutboxOptions,
  OutboxSnapshot,
  PendingKey,
} from "./outbox/index.ts";
export { LedgerActs, ledgerRefusal, Outbox, OutboxError, readOutbox } from "./outbox/index.ts";
export type { Collection, Consortium } from "./protocol/index.ts";
export { implicitCollectionOf } from "./protocol/index.ts";
export type { EmbeddedLedgerConfig, RunningLedger } from "./run-embedded-ledger.ts";
export { runEmbeddedLedger } from "./run-embedded-ledger.ts";
export { Timekeeper, type TimekeeperModules } from "./timekeeper/index.ts";
