import { DEFAULT_MTU_MS } from "@gridpact/settlement";
import { candidateForecasts } from "./candidates.ts";
import { clockShiftHours } from "./clock-shift.ts";
import { type Combination, combine } from "./combination.ts";
import { type ErrorQuantiles, errorQuantiles } from "./prediction-interval.ts";
import { type DaySeries, daySeries, type SeriesHistory } from "./series-history.ts";

/** Names the method. A change of what is computed from the same history MUST change it. */
export const FORECAST_MODEL_VERSION = "patterns-ridge-3";

/** Why a forecast deserves less trust, or what was done to its input. */
export type ForecastFlag =
  /** Not one value: the forecast is the typical day if there is one, else zero, and means little. */
  | "no_history"
  /** Under eight days: nothing weekly could be learnt. */
  | "short_history"
  /** Under three weeks: no weights of patterns could be learnt, the forecast is a mean of patterns. */
  | "nothing_learnt"
  /** More than a tenth of the used history is missing. */
  | "gaps"
  /** The last hour before the forecast is missing. */
  | "stale"
  /** Every value is the same. */
  | "constant"
  /** Values beyond anything that the device does otherwise were taken as gaps. */
  | "outliers"
  /** Negative values of what cannot be negative were taken as gaps. */
  | "negatives"
  /** A register started again from zero: its difference was taken as a gap. */
  | "register_reset"
  /** The last week runs some hours early or late against the weeks before: somebody set a clock. */
  | "clock_step";

/** Units are those of the series that is given. */
export type ForecastOptions = {
  /** Market time units to forecast; together at most `FORECAST_HORIZON_MS_MAX`. */
  readonly horizonUnits: number;
  /**
   * What devices of this kind draw over a day, one value for each unit from local midnight on: stands in while there
   * are only a few days of history.
   */
  readonly typicalDay?: ArrayLike<number>;
};

/** A forecast in the unit of its history: one value in each array for each unit of the horizon. */
export type SeriesForecast = {
  /** Start of the first forecast unit: the end of the history. */
  readonly startUnixMs: number;
  readonly mtuMs: number;
  /** Mean-like: right for adding up devices. */
  readonly expected: readonly number[];
  /** The better guess for one spiky device. */
  readonly median: readonly number[];
  /** Nine of ten values lie between `lower` and `upper`. They do not add up over devices: forecast the sum instead. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** Mean absolute error of the backtest relative to repeating the day before: below 1 is better; else `null`. */
  readonly mase: number | null;
  readonly flags: readonly ForecastFlag[];
};

/** Above this share of missing values the forecast is flagged: it rests on days that are partly made up. */
const GAP_SHARE_MAX = 0.1;
/** Eight days hold one weekday twice. */
const SHORT_HISTORY_DAYS = 8;
/** Two weeks to learn from, and one to be judged on. */
const LEARNT_HISTORY_DAYS = 21;
/** With so many days of history own and typical day weigh the same; from a week on the typical day is left out. */
const TYPICAL_DAY_WORTH_DAYS = 2;
const TYPICAL_DAY_UNTIL_DAYS = 7;
const HOURS_PER_DAY = 24;

/**
 * Forecasts a series from its own history and what is known ahead: means and medians over alike days, and ridge
 * regressions on all of them, recent errors and drivers. A rolling backtest over four weeks weighs them for each
 * series, and its errors give the interval. It always answers, however poor the history is, and the flags say so.
 * Pure: the same history gives the same forecast; nothing after the history's end is looked at but the drivers.
 *
 * @throws InvalidInputError for a horizon, a unit or drivers outside the bounds; never for the values
 */
export function forecastSeries(history: SeriesHistory, options: ForecastOptions): SeriesForecast {
  const { startUnixMs, mtuMs = DEFAULT_MTU_MS } = history;
  const series = daySeries(history, options.horizonUnits);
  const aheads = [...new Set(series.horizonUnits.map((unit) => daysAheadOf(unit, series)))];
  const outlooks = new Map(aheads.map((daysAhead) => [daysAhead, outlookOf(series, daysAhead)]));
  const points = series.horizonUnits.map((unit) => pointAt(unit, series, outlooks));
  const expected = withTypicalDay(
    points.map((point) => point.expected),
    series,
    options.typicalDay,
  );
  const shifted = (key: keyof ErrorQuantiles) =>
    points.map(({ errors }, index) => atLeastPossible((expected[index] ?? 0) + errors[key], series));
  return {
    startUnixMs: startUnixMs + history.values.length * mtuMs,
    mtuMs,
    expected,
    median: shifted("median"),
    lower: shifted("lower"),
    upper: shifted("upper"),
    mase: relativeError(outlooks.get(1)?.combination, series),
    flags: flagsOf(series),
  };
}

/** A forecast of one day and the errors to expect, for each time of day after the origin. */
type Outlook = { readonly combination: Combination; readonly errors: readonly ErrorQuantiles[] };

function outlookOf(series: DaySeries, daysAhead: number): Outlook {
  const combination = combine(series, candidateForecasts(series, daysAhead));
  return { combination, errors: errorQuantiles(combination, series) };
}

/** Days end at the origin. A clock change can push the end of 48 hours into a third day; two is then near enough. */
function daysAheadOf(horizonUnit: number, { unitsPerDay }: DaySeries): number {
  return Math.min(2, Math.floor(horizonUnit / unitsPerDay) + 1);
}

function pointAt(horizonUnit: number, series: DaySeries, outlooks: ReadonlyMap<number, Outlook>) {
  const outlook = outlooks.get(daysAheadOf(horizonUnit, series));
  const slot = horizonUnit % series.unitsPerDay;
  const values = outlook?.combination.values ?? new Float64Array(0);
  return {
    expected: values[values.length - series.unitsPerDay + slot] ?? 0,
    errors: outlook?.errors[slot] ?? { lower: 0, median: 0, upper: 0 },
  };
}

/** The lone exception to what the backtest chose: with a few days of history there is no backtest. */
function withTypicalDay(expected: number[], series: DaySeries, typicalDay: ArrayLike<number> | undefined): number[] {
  const knownDays = series.values.filter((value) => !Number.isNaN(value)).length / series.unitsPerDay;
  if (typicalDay === undefined || knownDays >= TYPICAL_DAY_UNTIL_DAYS) return expected;
  const share = TYPICAL_DAY_WORTH_DAYS / (TYPICAL_DAY_WORTH_DAYS + knownDays);
  return expected.map((own, index) => {
    const slot = (series.originSlot + (series.horizonUnits[index] ?? 0)) % series.unitsPerDay;
    return own * (1 - share) + (typicalDay[slot] ?? own) * share;
  });
}

/** Adding zero turns negative zero into zero. */
function atLeastPossible(value: number, { isSigned }: DaySeries): number {
  return isSigned ? value : Math.max(0, value) + 0;
}

function relativeError(combination: Combination | undefined, { values, unitsPerDay }: DaySeries): number | null {
  const error = meanMagnitude(combination?.residuals ?? new Float64Array(0));
  const changes = values.subarray(unitsPerDay).map((value, index) => value - (values[index] ?? Number.NaN));
  const change = meanMagnitude(changes);
  return change > 0 && !Number.isNaN(error) ? error / change : null;
}

/** NaN when there is no value. */
function meanMagnitude(values: Float64Array): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + Math.abs(value), 0) / present.length;
}

function flagsOf(series: DaySeries): ForecastFlag[] {
  const { values, unitsPerDay, dayCount, refused } = series;
  const present = values.filter((value) => !Number.isNaN(value));
  const lastHour = values.slice(-Math.ceil(unitsPerDay / HOURS_PER_DAY));
  const claims: [ForecastFlag, boolean][] = [
    ["no_history", present.length === 0],
    ["short_history", dayCount < SHORT_HISTORY_DAYS],
    ["nothing_learnt", dayCount < LEARNT_HISTORY_DAYS],
    ["gaps", present.length < (1 - GAP_SHARE_MAX) * values.length],
    ["stale", lastHour.every(Number.isNaN)],
    ["constant", present.length > 0 && present.every((value) => value === present[0])],
    ["outliers", refused.outliers > 0],
    ["negatives", refused.negatives > 0],
    ["register_reset", refused.resets > 0],
    ["clock_step", clockShiftHours(series) !== 0],
  ];
  return claims.filter(([, isTrue]) => isTrue).map(([flag]) => flag);
}
