/** Public face of the agent: the virtual node's side of an event, its links up and down, and the receipts. */
export type { AgentLedger, CallableDevice, LatestReading } from "./agent-host.ts";
export { DEFAULT_AGENT_OPTIONS, type VnAgentOptions } from "./agent-options.ts";
export { type BalanceReport, balanceReport, keptPerMille, readBalance } from "./balance/index.ts";
export type { ChoiceRecord, ProsumerExplanation } from "./choice/index.ts";
export { type Dispatcher, type SupplyGrid, ThreadDispatcher } from "./dispatch/index.ts";
export type { Assignment, Candidate, EventDocument, EventPhase } from "./document/index.ts";
export { explainKept, type KeptChoice } from "./explain-kept.ts";
export { HttpProfileLink, type HttpProfileLinkOptions, ProfileLinkError } from "./http-profile-link.ts";
export type { AggregatorLink, DeviceLink } from "./links.ts";
export { receiptPath } from "./settle/index.ts";
export { VnAgent, type VnAgentModules } from "./vn-agent.ts";
