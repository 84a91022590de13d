import assert from "node:assert/strict";
import { DEFAULT_MTU_MS } from "@gridpact/settlement";
import { InvalidInputError } from "../flexibility-error.ts";
import { type Backtest, bestBacktest, dailyChangeW } from "./backtest.ts";
import { FORECAST_HORIZON_MS_MAX, type LoadHistory, type LoadSeries, loadSeries } from "./load-series.ts";
import { FORECAST_RULES, type ForecastRule, pointForecasts } from "./point-forecast.ts";
import { residualQuantiles } from "./prediction-interval.ts";

/** Why a forecast deserves less trust, or how to read it. */
export type ForecastFlag =
  /** Not one value: the forecast is zero and means nothing. */
  | "no_history"
  /** Under eight days: nothing weekly could be learnt. */
  | "short_history"
  /** Too little to backtest: the rule is the default and the interval is the spread of the history. */
  | "no_backtest"
  /** More than a tenth of the used history is missing. */
  | "gaps"
  /** The last hour before the forecast is missing. */
  | "stale"
  /** Every value is the same. */
  | "constant"
  /** Some values are net export, so the forecast may be negative. */
  | "net_export";

export type ForecastOptions = {
  /** Market time units to forecast; together at most `FORECAST_HORIZON_MS_MAX`. */
  readonly horizonUnits: number;
  /**
   * Offset of the local clock from UTC at the start of the forecast, for telling weekdays from weekends; 0 if left out.
   */
  readonly utcOffsetMs?: number;
};

/**
 * Forecast power of one device. The four arrays have one value for each unit and hold whole watts as numbers: a
 * forecast is an estimate, is never signed and never settled on, so it does not need bigint.
 */
export type LoadForecast = {
  /** Start of the first forecast unit: the end of the history. */
  readonly startUnixMs: number;
  readonly mtuMs: number;
  /** Mean-like: expected power, right for adding up devices. */
  readonly expectedW: readonly number[];
  /** Quantiles, `p10W <= p50W <= p90W`; the median is the better guess for one spiky device. */
  readonly p10W: readonly number[];
  readonly p50W: readonly number[];
  readonly p90W: readonly number[];
  readonly rule: ForecastRule;
  /** Backtest error relative to the daily change of the load: below 1 is better than repeating the day; else `null`. */
  readonly mase: number | null;
  readonly flags: readonly ForecastFlag[];
};

const GAP_SHARE_MAX = 0.1;
/** Eight days hold one weekday twice. */
const SHORT_HISTORY_DAYS = 8;
const HOURS_PER_DAY = 24;

/**
 * Forecasts the power of one device from its own history: seasonal naive, means over alike days and their combination,
 * each with or without correction by the most recent level. A rolling backtest chooses among them for each device, and
 * its residuals give the interval. It always answers, however poor the history is, and the flags say so.
 *
 * @throws InvalidInputError for a horizon or a unit outside the bounds; never for the values
 */
export function forecastLoad(history: LoadHistory, options: ForecastOptions): LoadForecast {
  const { horizonUnits, utcOffsetMs = 0 } = options;
  const { startUnixMs, mtuMs = DEFAULT_MTU_MS, powerW } = history;
  const series = loadSeries(history, utcOffsetMs);
  checkHorizon(horizonUnits, mtuMs);
  const backtest = bestBacktest(series, horizonUnits);
  const rule = FORECAST_RULES[backtest.ruleIndex];
  assert(rule !== undefined, "a backtest names one of the rules");
  const scaleW = dailyChangeW(series);
  return {
    startUnixMs: startUnixMs + powerW.length * mtuMs,
    mtuMs,
    ...estimates(series, backtest),
    rule,
    mase: scaleW === null || Number.isNaN(backtest.errorW) ? null : backtest.errorW / scaleW,
    flags: flagsOf(series, backtest),
  };
}

type Estimates = Pick<LoadForecast, "expectedW" | "p10W" | "p50W" | "p90W">;

function estimates(series: LoadSeries, { ruleIndex, residualsW }: Backtest): Estimates {
  const forecastsW = pointForecasts({ series, origin: series.powerW.length }, residualsW.length);
  const pointW = forecastsW[ruleIndex] ?? new Float64Array(residualsW.length);
  const quantiles = residualQuantiles(residualsW, series);
  const toWatts = wattRounding(series);
  const shifted = (key: "p10W" | "p50W" | "p90W") =>
    quantiles.map((each, lead) => toWatts((pointW[lead] ?? 0) + each[key]));
  return {
    expectedW: Array.from(pointW, toWatts),
    p10W: shifted("p10W"),
    p50W: shifted("p50W"),
    p90W: shifted("p90W"),
  };
}

/** Whole watts; a device that never exported is not forecast to. Adding zero turns negative zero into zero. */
function wattRounding(series: LoadSeries): (powerW: number) => number {
  const lowestW = hasExport(series) ? Number.NEGATIVE_INFINITY : 0;
  return (powerW) => Math.max(lowestW, Math.round(powerW)) + 0;
}

function hasExport({ powerW }: LoadSeries): boolean {
  return powerW.some((value) => value < 0);
}

function flagsOf(series: LoadSeries, backtest: Backtest): ForecastFlag[] {
  const { powerW, unitsPerDay } = series;
  const present = powerW.filter((value) => !Number.isNaN(value));
  if (present.length === 0) return ["no_history"];
  const lastHour = powerW.slice(-Math.ceil(unitsPerDay / HOURS_PER_DAY));
  const claims: [ForecastFlag, boolean][] = [
    ["short_history", powerW.length < SHORT_HISTORY_DAYS * unitsPerDay],
    ["no_backtest", Number.isNaN(backtest.errorW)],
    ["gaps", present.length < (1 - GAP_SHARE_MAX) * powerW.length],
    ["stale", lastHour.every(Number.isNaN)],
    ["constant", present.every((value) => value === present[0])],
    ["net_export", hasExport(series)],
  ];
  return claims.filter(([, isTrue]) => isTrue).map(([flag]) => flag);
}

function checkHorizon(horizonUnits: number, mtuMs: number): void {
  const isValid = Number.isSafeInteger(horizonUnits) && horizonUnits >= 1;
  if (isValid && horizonUnits * mtuMs <= FORECAST_HORIZON_MS_MAX) return;
  throw new InvalidInputError("horizonUnits", `must be a whole number of units up to 48 hours, is ${horizonUnits}`);
}
