/**
 * Rolling backtest: every rule forecasts the past from origins one day apart, at the time of day of the real one, so
 * that a lead always means the same time of day.
 *
 *   ---------[==== horizon ====)                    origin 3 days back
 *   ------------------[==== horizon ====)           2 days back
 *   ---------------------------[==== horizon         1 day back: judged as far as values exist
 *   ------------------------------------|>          end of history = origin of the real forecast
 */
import { type ForecastBasis, meanOf } from "./forecast-methods.ts";
import type { LoadSeries } from "./load-series.ts";
import { FORECAST_RULES, pointForecasts } from "./point-forecast.ts";

/** Four weeks give each rule every weekday four times, and leave four weeks of the history to forecast from. */
const BACKTEST_DAYS = 28;

export type Backtest = {
  /** The index in `FORECAST_RULES` of the rule that did best. */
  readonly ruleIndex: number;
  /** Mean absolute error in W; NaN when there was nothing to judge. */
  readonly errorW: number;
  /** Actual minus forecast in W, for each lead: one value for each origin that had an actual. */
  readonly residualsW: readonly (readonly number[])[];
};

type Trial = { readonly actualW: Float64Array; readonly forecastsW: readonly Float64Array[] };

/** Backtests every rule and returns the one with the least mean absolute error; a tie goes to the preferred rule. */
export function bestBacktest(series: LoadSeries, horizonUnits: number): Backtest {
  const trials = backtestOrigins(series).map((origin) => runTrial({ series, origin }, horizonUnits));
  const errorsW = FORECAST_RULES.map((_, index) => meanOf(trials.flatMap((trial) => absoluteErrorsW(trial, index))));
  const bestIndex = errorsW.reduce((best, errorW, index) => (errorW < (errorsW[best] ?? 0) ? index : best), 0);
  const residualsW = Array.from({ length: horizonUnits }, (_, lead) =>
    trials.map((trial) => residualW(trial, bestIndex, lead)).filter((value) => !Number.isNaN(value)),
  );
  return { ruleIndex: bestIndex, errorW: errorsW[bestIndex] ?? Number.NaN, residualsW };
}

/** An origin needs a day of history before it, else no method has anything to repeat. */
function backtestOrigins({ powerW, unitsPerDay }: LoadSeries): number[] {
  return Array.from({ length: BACKTEST_DAYS }, (_, index) => powerW.length - (index + 1) * unitsPerDay).filter(
    (origin) => origin >= unitsPerDay,
  );
}

function runTrial(basis: ForecastBasis, horizonUnits: number): Trial {
  const actualW = basis.series.powerW.subarray(basis.origin, basis.origin + horizonUnits);
  return { actualW, forecastsW: pointForecasts(basis, actualW.length) };
}

function absoluteErrorsW(trial: Trial, rule: number): number[] {
  return Array.from(trial.actualW, (_, lead) => Math.abs(residualW(trial, rule, lead)));
}

function residualW({ actualW, forecastsW }: Trial, rule: number, lead: number): number {
  return (actualW[lead] ?? Number.NaN) - (forecastsW[rule]?.[lead] ?? Number.NaN);
}

/**
 * The scale of MASE (mean absolute scaled error): mean absolute change from one day to the next at the same time, over
 * the history. `null` when nothing changes or nothing can be compared, since an error over zero means nothing.
 */
export function dailyChangeW({ powerW, unitsPerDay }: LoadSeries): number | null {
  const changesW = Array.from(powerW.subarray(unitsPerDay), (value, index) =>
    Math.abs(value - (powerW[index] ?? Number.NaN)),
  );
  const meanW = meanOf(changesW);
  return meanW > 0 ? meanW : null;
}
