/** Public face of @gridpact/broker: the virtual node, with and without its sockets. */
export {
  type AgentLedger,
  type AggregatorLink,
  type Assignment,
  type BalanceReport,
  type CallableDevice,
  type Candidate,
  type ChoiceRecord,
  DEFAULT_AGENT_OPTIONS,
  type DeviceLink,
  type Dispatcher,
  type EventDocument,
  type EventPhase,
  explainKept,
  HttpProfileLink,
  type HttpProfileLinkOptions,
  type KeptChoice,
  keptPerMille,
  type LatestReading,
  ProfileLinkError,
  type ProsumerExplanation,
  readBalance,
  receiptPath,
  type SupplyGrid,
  ThreadDispatcher,
  VnAgent,
  type VnAgentModules,
  type VnAgentOptions,
} from "./agent/index.ts";
export { type AgentServer, type AgentViewModules, listenForAgentPage } from "./agent-page/index.ts";
export { AnchorError } from "./anchor/index.ts";
export { ConfigError, readVirtualNodeConfig, type StoreConfig, type VirtualNodeConfig } from "./config.ts";
export { type DeviceRecord, type EnrolmentOutcome, issueEnrolmentToken } from "./enrolment/index.ts";
export {
  EvidenceError,
  type EvidenceSource,
  type RegisterValue,
} from "./evidence/index.ts";
export { IngestError } from "./ingest/index.ts";
export type { LedgerOutbox, LedgerReceipt } from "./ledger-outbox.ts";
export { type RetentionConfig, retentionFault } from "./retention/index.ts";
export { type Agent, type RunModules, type RunningVirtualNode, runVirtualNode } from "./run.ts";
export { DeviceLinkError } from "./session/index.ts";
export {
  type HistoryPoint,
  type HistoryQuery,
  type ReadingStore,
  StoreError,
} from "./store/index.ts";
export {
  type AgentChannel,
  type MessageHandler,
  type NodeCounts,
  type NodeFault,
  openVirtualNode,
  type VirtualNode,
  type VirtualNodeModules,
  type VirtualNodeOptions,
} from "./virtual-node/index.ts";
export type { WindowSum, WindowView } from "./window/index.ts";
