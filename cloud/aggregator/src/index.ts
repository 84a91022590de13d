/** Public face of @gridpact/aggregator: the aggregator's loop, its link for virtual nodes, its HTTP face. */
export {
  AggregatorCore,
  type ClusterOverview,
  EVENTS_MAX,
  type PlanPreview,
  VIRTUAL_NODES_MAX,
} from "./aggregator-core.ts";
export { AggregatorError, type AggregatorErrorCode } from "./aggregator-error.ts";
export type { AggregatorModules } from "./aggregator-modules.ts";
export {
  type AggregatorOptions,
  DEFAULT_AGGREGATOR_OPTIONS,
  MOVES_POLICIES,
  type MovesPolicy,
} from "./aggregator-options.ts";
export { type ClusterPlan, DEFAULT_CLUSTER_GUIDELINES, type NodeMembers, planClusters } from "./clusters/index.ts";
export type { Allocation, RankedVirtualNode, Strategy } from "./decision/index.ts";
export { STRATEGIES } from "./decision/index.ts";
export type { Decision, MarketOutlook, Recommendation, Replay } from "./dss/index.ts";
export { replay } from "./dss/index.ts";
export {
  type DrEvent,
  type EventPhase,
  type EventPlan,
  type EventResult,
  isUnserved,
  type PlacedRequest,
  type RequestState,
  type UnservedState,
} from "./event/index.ts";
export {
  AggregatorServer,
  type AggregatorServerModules,
  type AggregatorServerOptions,
  type Endpoint,
  type ServerTls,
} from "./http/index.ts";
export type { LiveView } from "./live/index.ts";
export type { MarketKnowledge } from "./market/index.ts";
export { type ApprovedMove, type MoveState, type MoveView, moveViews } from "./moves/index.ts";
export type { VirtualNode, VirtualNodeEnrolment } from "./registry/index.ts";
