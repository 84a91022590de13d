/** Baselines: estimated net import of a device in the absence of an event. */
export {
  BASELINE_METHODS,
  type BaselineMethod,
  type BaselineRequest,
  computeBaseline,
  isBaselineMethod,
} from "./baseline-method.ts";
export { type DayHistory, type DaySelection, DEFAULT_LOOKBACK_DAYS, HISTORY_DAYS_MAX } from "./eligible-days.ts";
export {
  DEFAULT_HIGH_DAYS,
  type HistoryBaseline,
  type HistoryInput,
  highXofY,
  tenInTen,
} from "./history-baseline.ts";
export { meterBeforeAfter, type SurroundingEnergy } from "./meter-before-after.ts";
export { nominated } from "./nominated.ts";
export {
  type AdjustedBaseline,
  type AdjustmentInput,
  type AdjustmentRule,
  adjustSameDay,
  DEFAULT_ADJUSTMENT,
} from "./same-day-adjustment.ts";
