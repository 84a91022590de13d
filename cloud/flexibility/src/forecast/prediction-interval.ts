/**
 * Prediction intervals from the backtest (split conformal prediction, Lei et al. 2018): what the forecast missed by at
 * the same time of day, on days that it had not seen, is what it may miss by next time.
 */
import type { Combination } from "./combination.ts";
import type { DaySeries } from "./series-history.ts";

/** Share of actual values that MUST lie within the interval in the long run. */
export const INTERVAL_COVERAGE = 0.9;

/** What to add to the forecast of a unit. */
export type ErrorQuantiles = { readonly lower: number; readonly median: number; readonly upper: number };

/** With fewer, a tail of one twentieth is not seen even once on average. */
const RESIDUALS_MIN = 20;
/** Residuals one hour earlier and later are alike, and steady a quantile that rests on at most 28 days. */
const POOLED_HOURS = 1;
const HOURS_PER_DAY = 24;
/** Half of what is left after fourteen days: seasons move spreads within the four weeks of the backtest. */
const KEPT_PER_DAY = 0.9517;

/** Errors of what the sun makes grow with it; below this share of the greatest forecast, as parts of it without end. */
const SUN_SCALE_SHARE_MIN = 0.1;

/** A past error with its weight; the newest day weighs one. */
type PastError = { readonly error: number; readonly weight: number };

/**
 * Quantiles of the error for each time of day, in the order of the units after the origin. With too few residuals near
 * a time of day those of all are taken; with too few at all, the spread of the history about its mean. What the sun
 * makes errs in parts of its forecast: a dawn is not as uncertain as the hour after it, and the night is certain.
 * Everything else errs in what is usual about its time of day, so that the edge of a busy hour is not held for as
 * uncertain as its middle. Newer errors weigh more, as conformal prediction allows for (Barber et al. 2023).
 */
export function errorQuantiles(combination: Combination, series: DaySeries): ErrorQuantiles[] {
  const { values } = combination;
  const { unitsPerDay } = series;
  const radius = Math.ceil((POOLED_HOURS * unitsPerDay) / HOURS_PER_DAY);
  const nearOf = (slot: number) => {
    const span = Math.min(2 * radius + 1, unitsPerDay);
    return Array.from({ length: span }, (_, index) => (slot + index - radius + unitsPerDay) % unitsPerDay);
  };
  const scales = scalesOf(combination, series);
  const bySlot = errorsBySlot(combination, series, scales);
  const usual = bySlot.map((_, slot) =>
    series.isSunlit ? 1 : usualError(nearOf(slot).flatMap((near) => bySlot[near] ?? [])),
  );
  const overall = quantilesOf(allErrors(bySlot.flat(), series));
  return bySlot.map((_, slot) => {
    const own = usual[slot] ?? 1;
    const pooled = nearOf(slot).flatMap((near) =>
      (bySlot[near] ?? []).map(({ error, weight }) => ({ error: (error * own) / (usual[near] ?? 1), weight })),
    );
    const scale = scales[values.length - unitsPerDay + slot] ?? 1;
    return scaled(pooled.length < RESIDUALS_MIN ? overall : quantilesOf(pooled), scale);
  });
}

function errorsBySlot({ residuals, firstUnit }: Combination, { unitsPerDay }: DaySeries, scales: Float64Array) {
  const bySlot = Array.from({ length: unitsPerDay }, () => [] as PastError[]);
  let weight = 1;
  for (let index = residuals.length - 1; index >= 0; index -= 1) {
    const error = (residuals[index] ?? Number.NaN) / (scales[index] || Number.NaN);
    if (!Number.isNaN(error)) bySlot[(firstUnit + index) % unitsPerDay]?.push({ error, weight });
    if (index % unitsPerDay === 0) weight *= KEPT_PER_DAY;
  }
  return bySlot;
}

/** Mean size of errors; one where there are none, or none that is not zero. */
function usualError(errors: readonly PastError[]): number {
  return errors.reduce((sum, { error }) => sum + Math.abs(error), 0) / errors.length || 1;
}

/** By unit of the combination: what an error is measured in. One where errors are amounts, or nearly none are known. */
function scalesOf({ residuals, values }: Combination, { isSunlit }: DaySeries): Float64Array {
  const known = residuals.filter((residual, index) => !Number.isNaN(residual) && (values[index] ?? 0) > 0);
  if (!isSunlit || known.length < RESIDUALS_MIN) return new Float64Array(values.length).fill(1);
  const least = SUN_SCALE_SHARE_MIN * values.reduce((most, value) => Math.max(most, value), 0);
  return values.map((value) => (value > 0 ? Math.max(value, least) : 0));
}

function scaled({ lower, median, upper }: ErrorQuantiles, scale: number): ErrorQuantiles {
  // Adding zero turns negative zero into zero.
  return { lower: lower * scale + 0, median: median * scale + 0, upper: upper * scale + 0 };
}

function allErrors(errors: readonly PastError[], { values }: DaySeries): readonly PastError[] {
  if (errors.length >= RESIDUALS_MIN) return errors;
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
  return present.map((value) => ({ error: value - mean, weight: 1 }));
}

function quantilesOf(errors: readonly PastError[]): ErrorQuantiles {
  const sorted = [...errors].sort((left, right) => left.error - right.error);
  const tail = (1 - INTERVAL_COVERAGE) / 2;
  return { lower: quantile(sorted, tail), median: quantile(sorted, 0.5), upper: quantile(sorted, 1 - tail) };
}

/**
 * Quantile with the finite-sample correction of conformal prediction: the next error, of weight one, is as likely to
 * fall before a past one as that one's weight says (for equal weights type 6 of Hyndman and Fan 1996). Zero for no
 * values.
 */
function quantile(sorted: readonly PastError[], share: number): number {
  const total = sorted.reduce((sum, { weight }) => sum + weight, 1);
  let passed = 0;
  let before = sorted[0]?.error ?? 0;
  for (const { error, weight } of sorted) {
    const missing = share * total - passed;
    if (missing <= weight) return before + (error - before) * (missing / weight);
    passed += weight;
    before = error;
  }
  return before;
}
