/** Public face of @gridpact/broker: the virtual node, with and without its sockets. */
export {
  type AgentLedger,
  type AggregatorLink,
  AggregatorLinkError,
  type Assignment,
  type CallableDevice,
  type Candidate,
  DEFAULT_AGENT_OPTIONS,
  type DeviceLink,
  type EventDocument,
  type EventPhase,
  HttpAggregatorLink,
  type HttpAggregatorLinkOptions,
  type LatestReading,
  parseReceipt,
  RECEIPT_TRANSACTION_NAMES,
  type Receipt,
  type ReceiptTransaction,
  receiptPath,
  VnAgent,
  type VnAgentModules,
  type VnAgentOptions,
} from "./agent/index.ts";
export { ConfigError, readVirtualNodeConfig, type StoreConfig, type VirtualNodeConfig } from "./config.ts";
export { type DeviceRecord, type EnrolmentOutcome, issueEnrolmentToken } from "./enrolment/index.ts";
export type { BoundaryEvidence, EvidenceSource, ProvenEnvelope, RegisterValue } from "./evidence/index.ts";
export type { LedgerOutbox, LedgerReceipt } from "./ledger-outbox.ts";
export { type Agent, type RunModules, type RunningVirtualNode, runVirtualNode } from "./run.ts";
export type { HistoryPoint, HistoryQuery, ReadingStore } from "./store/index.ts";
export {
  type NodeCounts,
  openVirtualNode,
  type VirtualNode,
  type VirtualNodeModules,
  type VirtualNodeOptions,
} from "./virtual-node/index.ts";
export type { WindowSum, WindowView } from "./window/index.ts";
