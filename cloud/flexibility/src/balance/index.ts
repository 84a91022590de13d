export { type ProfileOptions, profileOutlook } from "./day-profile.ts";
export { netScenarios } from "./net-scenarios.ts";
export {
  type BalanceOutlook,
  type BalancePlan,
  type BalanceRequest,
  type BalanceWeights,
  planBalance,
  type WaitingLoad,
} from "./plan-balance.ts";
export { planMembers, type SharedCost } from "./plan-members.ts";
export {
  type BalanceMember,
  type MemberLoad,
  type MemberStep,
  type MemberStorage,
  planStep,
  type StepRequest,
} from "./plan-step.ts";
export { shareByCapacity } from "./share-among-members.ts";
export { storageLevels } from "./storage-levels.ts";
export { sustainableDraw } from "./sustainable-draw.ts";
