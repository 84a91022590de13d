/**
 * The forecasting methods. Each says what power to expect in one unit from the values before an origin alone:
 *
 *     history ............... origin        unit
 *   ---[=======================)-------------[=]----> units
 *                                same time, 1, 2, 3 ... days before
 */
import type { LoadSeries } from "./load-series.ts";

/** Where a forecast starts: it may use units before `origin` and no other. */
export type ForecastBasis = { readonly series: LoadSeries; readonly origin: number };

/** A mean over the `dayCount` most recent alike days that have a value at this time of day. */
type DayPattern = { readonly dayCount: number; readonly alike: "anyDay" | "sameWeekday" | "sameDayType" };

/** Four weeks: beyond it the same time of day tells about another season. */
const LOOKBACK_DAYS = 28;
const DAYS_PER_WEEK = 7;

/**
 * Each is the best for some loads: machines repeat yesterday, shops their own kind of day, households their average.
 * Counts are small enough to follow a season and large enough to average out single kettles. Day type: weekday or
 * weekend.
 */
const DAY_PATTERNS = {
  yesterday: { dayCount: 1, alike: "anyDay" },
  lastWeek: { dayCount: 1, alike: "sameWeekday" },
  dailyMean: { dayCount: 7, alike: "anyDay" },
  monthlyMean: { dayCount: LOOKBACK_DAYS, alike: "anyDay" },
  weekdayMean: { dayCount: 4, alike: "sameWeekday" },
  sameTypeMean: { dayCount: 10, alike: "sameDayType" },
} as const satisfies Record<string, DayPattern>;

type DayPatternName = keyof typeof DAY_PATTERNS;

/** The mean of several patterns: they err differently, so together they err less than most of them alone. */
export type ForecastMethodName = "combination" | DayPatternName;

const PATTERN_NAMES = Object.keys(DAY_PATTERNS) as DayPatternName[];
const PATTERNS: readonly DayPattern[] = Object.values(DAY_PATTERNS);

/** Last week alone is not combined: it is in the weekday mean already. */
const COMBINED_INDEXES = PATTERN_NAMES.flatMap((name, index) => (name === "lastWeek" ? [] : [index]));

/** In order of preference: on equal errors the earlier one is chosen. */
export const METHOD_NAMES: readonly ForecastMethodName[] = ["combination", ...PATTERN_NAMES];

/**
 * Expected power in W of one unit at or after the origin by every method, in the order of `METHOD_NAMES`; NaN where the
 * history holds nothing to go by.
 */
export function expectedByMethodW(basis: ForecastBasis, unit: number): number[] {
  const meansW = PATTERNS.map((pattern) => patternMeanW(basis, unit, pattern));
  return [meanOf(COMBINED_INDEXES.map((index) => meansW[index] ?? Number.NaN)), ...meansW];
}

function patternMeanW(basis: ForecastBasis, unit: number, { dayCount, alike }: DayPattern): number {
  const stepDays = alike === "sameWeekday" ? DAYS_PER_WEEK : 1;
  let sumW = 0;
  let count = 0;
  for (let days = stepDays; days <= LOOKBACK_DAYS && count < dayCount; days += stepDays) {
    const past = unit - days * basis.series.unitsPerDay;
    const valueW = knownW(basis, past);
    if (Number.isNaN(valueW) || (alike === "sameDayType" && !isSameDayType(basis, past, unit))) continue;
    sumW += valueW;
    count += 1;
  }
  return count === 0 ? Number.NaN : sumW / count;
}

/** The value of a unit as far as the basis may know it. */
function knownW({ series, origin }: ForecastBasis, unit: number): number {
  return unit < origin ? (series.powerW[unit] ?? Number.NaN) : Number.NaN;
}

function isSameDayType({ series: { isWeekend } }: ForecastBasis, past: number, unit: number): boolean {
  return isWeekend[past] === isWeekend[unit];
}

/** Mean of the values that exist; NaN when none does. */
export function meanOf(values: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}
