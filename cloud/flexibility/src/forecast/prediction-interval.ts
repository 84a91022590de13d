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

/** Errors of what the sun makes grow with it; below this share of the greatest forecast, as parts of it without end. */
const SUN_SCALE_SHARE_MIN = 0.1;

/**
 * Quantiles of the error for each time of day, in the order of the units after the origin. With too few residuals near
 * a time of day those of all are taken; with too few at all, the spread of the history about its mean. What the sun
 * makes errs in parts of its forecast: a dawn is not as uncertain as the hour after it, and the night is certain.
 */
export function errorQuantiles(combination: Combination, series: DaySeries): ErrorQuantiles[] {
  const { residuals, firstUnit, values } = combination;
  const { unitsPerDay } = series;
  const scales = scalesOf(combination, series);
  const radius = Math.ceil((POOLED_HOURS * unitsPerDay) / HOURS_PER_DAY);
  const bySlot = Array.from({ length: unitsPerDay }, () => [] as number[]);
  residuals.forEach((residual, index) => {
    const scale = scales[index] ?? 1;
    if (!Number.isNaN(residual) && scale > 0) bySlot[(firstUnit + index) % unitsPerDay]?.push(residual / scale);
  });
  const overall = quantilesOf(allResiduals(bySlot.flat(), series));
  return bySlot.map((_, slot) => {
    const near = Array.from(
      { length: 2 * radius + 1 },
      (_, index) => (slot + index - radius + unitsPerDay) % unitsPerDay,
    );
    const pooled = [...new Set(near)].flatMap((each) => bySlot[each] ?? []);
    const scale = scales[values.length - unitsPerDay + slot] ?? 1;
    return scaled(pooled.length < RESIDUALS_MIN ? overall : quantilesOf(pooled), scale);
  });
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

function allResiduals(residuals: number[], { values }: DaySeries): number[] {
  if (residuals.length >= RESIDUALS_MIN) return residuals;
  const present = Array.from(values).filter((value) => !Number.isNaN(value));
  const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
  return present.map((value) => value - mean);
}

function quantilesOf(residuals: readonly number[]): ErrorQuantiles {
  // A typed array sorts by number without a comparator, which is what most of the time would go into.
  const sorted = Float64Array.from(residuals).sort();
  const tail = (1 - INTERVAL_COVERAGE) / 2;
  return { lower: quantile(sorted, tail), median: quantile(sorted, 0.5), upper: quantile(sorted, 1 - tail) };
}

/**
 * Quantile with the finite-sample correction of conformal prediction: of n past errors the next one is equally likely
 * to fall into any of the n + 1 spaces between them (type 6 of Hyndman and Fan 1996). Zero for no values.
 */
function quantile(sorted: Float64Array, share: number): number {
  const position = Math.max(0, Math.min(sorted.length - 1, share * (sorted.length + 1) - 1));
  const lower = sorted[Math.floor(position)] ?? 0;
  const upper = sorted[Math.ceil(position)] ?? lower;
  return lower + (upper - lower) * (position - Math.floor(position));
}
