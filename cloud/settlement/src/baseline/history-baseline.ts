/**
 * Baselines from previous days of the same type. They use only days before the event, so they can be committed before
 * it starts. Integer means are rounded half away from zero, once, per market time unit.
 */
import { divideRounded, sumOf } from "../integer.ts";
import { InsufficientHistoryError, InvalidTermsError } from "../settlement-error.ts";
import { type CompleteDay, type DayHistory, type DaySelection, selectEligibleDays } from "./eligible-days.ts";

/** What a baseline from history is computed from. */
export type HistoryInput = {
  readonly history: readonly DayHistory[];
  readonly selection: DaySelection;
  /** Market time units in the event window. */
  readonly windowLength: number;
  /** Market time units in the adjustment window; 0 (the default) when the day is not adjusted. */
  readonly adjustmentLength?: number;
};

/** A baseline with the dates behind it, so that anyone can recompute it. */
export type HistoryBaseline = {
  /** Net import expected in each unit of the event window. */
  readonly baselineWh: bigint[];
  /** Net import expected in each unit of the adjustment window, from the same days. */
  readonly adjustmentBaselineWh: bigint[];
  /** The days averaged, most recent first. */
  readonly localDates: string[];
};

/** "10 in 10" averages every one of the ten most recent eligible days. */
const TEN_DAYS = 10;

/** Two weeks of weekdays, the busier half: what a contract means that names the method and no numbers. */
export const DEFAULT_HIGH_DAYS = { x: 5, y: 10 } as const;

/**
 * Mean of the 10 most recent eligible days.
 *
 * @throws InsufficientHistoryError with fewer than 10; InvalidTermsError for malformed input
 */
export function tenInTen(input: HistoryInput): HistoryBaseline {
  return meanOfDays(recentDays(input, TEN_DAYS));
}

/**
 * Mean of the `x` days with the highest energy in the event window among the `y` most recent eligible days. On a tie
 * the more recent day is taken.
 *
 * @throws InsufficientHistoryError with fewer than `y` eligible days; InvalidTermsError unless 1 <= x <= y
 */
export function highXofY(input: HistoryInput, { x, y }: { x: number; y: number } = DEFAULT_HIGH_DAYS): HistoryBaseline {
  if (!Number.isSafeInteger(x) || !Number.isSafeInteger(y) || x < 1 || x > y) {
    throw new InvalidTermsError("highXofY", `needs integers 1 <= x <= y, has x ${x} and y ${y}`);
  }
  const days = recentDays(input, y);
  // Array sort is stable, so days of equal energy stay most recent first.
  const highest = [...days].sort(byWindowEnergyDescending).slice(0, x);
  return meanOfDays(days.filter((day) => highest.includes(day)));
}

function recentDays(input: HistoryInput, count: number): CompleteDay[] {
  const { history, selection, windowLength, adjustmentLength = 0 } = input;
  const eligible = selectEligibleDays(history, selection, { windowLength, adjustmentLength });
  if (eligible.length < count) {
    throw new InsufficientHistoryError("eligible days", { required: count, found: eligible.length });
  }
  return eligible.slice(0, count);
}

function meanOfDays(days: readonly CompleteDay[]): HistoryBaseline {
  return {
    baselineWh: meanPerUnit(days.map((day) => day.windowWh)),
    adjustmentBaselineWh: meanPerUnit(days.map((day) => day.adjustmentWh)),
    localDates: days.map((day) => day.localDate),
  };
}

function meanPerUnit(rows: readonly (readonly bigint[])[]): bigint[] {
  const units = Array.from({ length: rows[0]?.length ?? 0 }, (_, index) => index);
  return units.map((unit) => divideRounded(sumOf(rows.map((row) => row[unit] ?? 0n)), BigInt(rows.length)));
}

function byWindowEnergyDescending(left: CompleteDay, right: CompleteDay): number {
  const difference = sumOf(right.windowWh) - sumOf(left.windowWh);
  if (difference === 0n) return 0;
  return difference > 0n ? 1 : -1;
}
