export { type ProfileOptions, profileOutlook } from "./day-profile.ts";
export {
  type BalanceOutlook,
  type BalancePlan,
  type BalanceRequest,
  type BalanceWeights,
  planBalance,
  type WaitingLoad,
} from "./plan-balance.ts";
export { type InsideTrade, type MemberNeed, shareByCapacity, tradeInside } from "./share-among-members.ts";
