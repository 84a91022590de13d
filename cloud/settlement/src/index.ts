/**
 * Baselines, delivered energy and money as pure integer functions: no clock, no float, no dependency, nothing that only
 * Node.js has, so that contract, virtual node, auditor and browser compute the same bytes.
 */
export {
  type AdjustedBaseline,
  type AdjustmentInput,
  type AdjustmentRule,
  adjustSameDay,
  BASELINE_METHODS,
  type BaselineMethod,
  type BaselineRequest,
  computeBaseline,
  type DayHistory,
  type DaySelection,
  DEFAULT_ADJUSTMENT,
  DEFAULT_HIGH_DAYS,
  DEFAULT_LOOKBACK_DAYS,
  HISTORY_DAYS_MAX,
  type HistoryBaseline,
  type HistoryInput,
  highXofY,
  isBaselineMethod,
  meterBeforeAfter,
  nominated,
  type SurroundingEnergy,
  tenInTen,
} from "./baseline/index.ts";
export {
  bigintFromDecimal,
  CANONICAL_DEPTH_MAX,
  canonicalJson,
  DECIMAL_DIGITS_MAX,
  type JsonValue,
  parseCanonicalJson,
} from "./canonical-json.ts";
export {
  type Attribution,
  type DeliverySum,
  type DeviceContract,
  type DeviceContribution,
  type DeviceSettlement,
  type Direction,
  type EventContracts,
  type EventTotals,
  type Funds,
  fundsFor,
  type Incentive,
  type IntervalEnergy,
  type IntervalSettlement,
  type MoneySplit,
  type MoneyTotals,
  type Outcome,
  type SettlementTerms,
  type SummedContract,
  settle,
  settleFromSums,
  settleInterval,
  settleVirtualNode,
  sumDeliveries,
  TIERS_MAX,
  type Tier,
  totalEvent,
  totalMoney,
  type VirtualNodeContract,
  type VirtualNodeContribution,
  type VirtualNodeInterval,
  type VirtualNodeSettlement,
} from "./contract/index.ts";
export { isMoreThanShare, larger, share, smaller, sumOf } from "./integer.ts";
export {
  checkIntervals,
  DEFAULT_MTU_MS,
  EVENT_INTERVALS_MAX,
  eventIntervals,
  type Interval,
  intervalBoundaries,
} from "./interval.ts";
export { netImportWh, type RegisterValues } from "./registers.ts";
export {
  InsufficientHistoryError,
  InvalidTermsError,
  InvariantBrokenError,
  NotCanonicalError,
  SettlementError,
  type SettlementErrorCode,
} from "./settlement-error.ts";
export { readUnitJson, reviveUnits, writeUnitJson } from "./unit-json.ts";
