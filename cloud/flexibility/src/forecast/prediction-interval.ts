import type { LoadSeries } from "./load-series.ts";

/** Residual quantiles in W for one lead: what to add to the point forecast. */
export type ResidualQuantiles = { readonly p10W: number; readonly p50W: number; readonly p90W: number };

/** Below ten residuals the outer tenths are not seen even once on average. */
const RESIDUALS_MIN = 10;
/** Residuals one hour earlier and later are alike, and steady a quantile that rests on at most 28 origins. */
const POOLED_HOURS = 1;
const HOURS_PER_DAY = 24;

/**
 * Empirical 10, 50 and 90 % quantiles for each lead, from the residuals of the leads within an hour of it. With too few
 * there, those of all leads are taken; with too few at all, the spread of the history itself about its mean.
 */
export function residualQuantiles(residualsW: readonly (readonly number[])[], series: LoadSeries): ResidualQuantiles[] {
  const radius = Math.ceil((POOLED_HOURS * series.unitsPerDay) / HOURS_PER_DAY);
  const overall = quantilesOf(overallResiduals(residualsW, series));
  return residualsW.map((_, lead) => {
    const pooled = residualsW.slice(Math.max(0, lead - radius), lead + radius + 1).flat();
    return pooled.length < RESIDUALS_MIN ? overall : quantilesOf(pooled);
  });
}

function overallResiduals(residualsW: readonly (readonly number[])[], { powerW }: LoadSeries): number[] {
  const all = residualsW.flat();
  if (all.length >= RESIDUALS_MIN) return all;
  const present = Array.from(powerW).filter((value) => !Number.isNaN(value));
  const meanW = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
  return present.map((value) => value - meanW);
}

function quantilesOf(values: readonly number[]): ResidualQuantiles {
  // A typed array sorts by number without a comparator, which is what most of the time would go into.
  const sorted = Float64Array.from(values).sort();
  return { p10W: quantile(sorted, 0.1), p50W: quantile(sorted, 0.5), p90W: quantile(sorted, 0.9) };
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996); 0 for no values. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const lower = sorted[Math.floor(position)] ?? 0;
  const upper = sorted[Math.ceil(position)] ?? lower;
  return lower + (upper - lower) * (position - Math.floor(position));
}
