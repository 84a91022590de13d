/** Baselines: estimated net import of a device in the absence of an event. */
export { type DayHistory, type DaySelection, DEFAULT_LOOKBACK_DAYS, HISTORY_DAYS_MAX } from "./eligible-days.ts";
export { type HistoryBaseline, type HistoryInput, highXofY, tenInTen } from "./history-baseline.ts";
export { dayNumber, isWeekday } from "./local-date.ts";
export { meterBeforeAfter, nominated, type SurroundingEnergy } from "./meter-before-after.ts";
export {
  type AdjustedBaseline,
  type AdjustmentInput,
  type AdjustmentRule,
  adjustSameDay,
  DEFAULT_ADJUSTMENT,
} from "./same-day-adjustment.ts";
