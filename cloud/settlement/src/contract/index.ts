/** Contracts: energy delivered against energy ordered, and the money that follows from it. */
export { type OrderChange, sumOrderChanges } from "./amendment.ts";
export type { Attribution } from "./attribution.ts";
export { type Direction, type IntervalEnergy, type IntervalSettlement, settleInterval } from "./delivery.ts";
export { type DeviceContract, type DeviceSettlement, settle } from "./device-settlement.ts";
export { type EventContracts, type EventTotals, totalEvent, type VirtualNodeContribution } from "./event-totals.ts";
export { type HedgeSettlement, type HedgeTerms, settleHedge } from "./hedge.ts";
export { type Incentive, TIERS_MAX, type Tier } from "./incentive.ts";
export { type Funds, type MoneySplit, type MoneyTotals, totalMoney } from "./money.ts";
export type { Outcome } from "./outcome.ts";
export { heldBack, type PaidParts, paidAtOnce, type Resettlement, resettle, totalOf } from "./resettlement.ts";
export { fundsFor, type SettlementTerms } from "./terms.ts";
export {
  type DeliverySum,
  type DeviceContribution,
  type SummedContract,
  settleFromSums,
  settleVirtualNode,
  sumDeliveries,
  type VirtualNodeContract,
  type VirtualNodeInterval,
  type VirtualNodeSettlement,
} from "./virtual-node-settlement.ts";
