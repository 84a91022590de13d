export { type ProfileOptions, profileOutlook } from "./day-profile.ts";
export { type MemberHistory, netScenarios, type ScenarioOptions } from "./net-scenarios.ts";
export {
  type BalanceOutlook,
  type BalancePlan,
  type BalanceRequest,
  type BalanceWeights,
  planBalance,
  type WaitingLoad,
} from "./plan-balance.ts";
export { type MemberOutlook, type MembersRequest, planMembers, type SharedCost } from "./plan-members.ts";
export { type InsideTrade, type MemberNeed, shareByCapacity, tradeInside } from "./share-among-members.ts";
export { exchangedKwh, type StorageLevels, type StorageModel, storageLevels } from "./storage-levels.ts";
