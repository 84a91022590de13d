/**
 * Candidate forecasts by rolling origin: each day of the backtest is forecast from the days before it alone, with what
 * could have been learnt by then.
 *
 *     learn 0..d-1 |= forecast d =|                         judged day d
 *     learn 0..d   |              |= forecast d+1 =|        the next one
 *     ...                                     |= horizon =| learnt from everything: the real forecast
 */
import { type Features, features } from "./features.ts";
import { RidgeSums } from "./ridge.ts";
import type { DaySeries } from "./series-history.ts";

/** One forecaster on the days by which forecasters are judged, and on the days ahead. */
export type Candidate = {
  /** Learnt candidates weigh all patterns at once; the others are one pattern each. */
  readonly isLearnt: boolean;
  /** Forecasts of the judged days, then of the days of the horizon. */
  readonly values: Float64Array;
};

/** All on the same units; `daysAhead` is how far ahead each judged day was forecast, as the horizon is. */
export type Candidates = {
  readonly daysAhead: number;
  /** The first unit of the first judged day. */
  readonly firstUnit: number;
  readonly list: readonly Candidate[];
};

/** Four weeks give each weekday four times, and are recent enough to share the season of the forecast. */
export const BACKTEST_DAYS = 28;

/** Two weeks of rows before anything is learnt: with less, weights of patterns would be noise. */
const LEARNING_DAYS_MIN = 14;
/** What was learnt four months ago counts half: seasons change how a house behaves, but weights need many days. */
const LEARNING_KEPT_PER_DAY = 0.9942;

/**
 * Penalties, each with and without drivers. Weather explains some loads and is noise for others, and noisy series need
 * a hard penalty: the backtest sees which serves.
 */
const LEARNERS = [0.03, 0.3, 2].flatMap((penalty) => [true, false].map((withDrivers) => ({ penalty, withDrivers })));

/** All candidates for units `daysAhead` (1 or 2) days after the last one known. */
export function candidateForecasts(series: DaySeries, daysAhead: number): Candidates {
  const known = features(series, daysAhead);
  const firstDay = Math.max(daysAhead, series.dayCount - BACKTEST_DAYS);
  const firstUnit = firstDay * series.unitsPerDay;
  const endUnit = (series.dayCount + daysAhead) * series.unitsPerDay;
  const patterns = known.patterns.map((values) => ({ isLearnt: false, values: values.slice(firstUnit, endUnit) }));
  const learnt = learntForecasts(series, known, { daysAhead, firstDay });
  return { daysAhead, firstUnit, list: [...patterns, ...learnt.map((values) => ({ isLearnt: true, values }))] };
}

function learntForecasts(
  series: DaySeries,
  known: Features,
  { daysAhead, firstDay }: { daysAhead: number; firstDay: number },
): Float64Array[] {
  const { unitsPerDay, dayCount, drivers } = series;
  const learners = LEARNERS.filter(({ withDrivers }) => drivers.length > 0 || !withDrivers);
  const sums = new RidgeSums(known.columns.length);
  const results = learners.map(() => new Float64Array((dayCount + daysAhead - firstDay) * unitsPerDay));
  for (let day = daysAhead; day < dayCount + daysAhead; day += 1) {
    // What is learnt of the sun holds in every season: it is relative to a start that follows them.
    if (!series.isSunlit) sums.fade(LEARNING_KEPT_PER_DAY);
    learnDay(series, known, sums, day - daysAhead);
    if (day < firstDay) continue;
    learners.forEach(({ penalty, withDrivers }, index) => {
      const activeCount = withDrivers ? known.columns.length : known.ownColumnCount;
      const weights = day - daysAhead < LEARNING_DAYS_MIN ? new Float64Array(0) : sums.solve(penalty, activeCount);
      const target = results[index]?.subarray((day - firstDay) * unitsPerDay, (day - firstDay + 1) * unitsPerDay);
      target?.set(weighted(known, weights, { from: day * unitsPerDay, count: unitsPerDay }));
    });
  }
  return results;
}

function learnDay({ values, unitsPerDay }: DaySeries, known: Features, sums: RidgeSums, day: number): void {
  const row = new Float64Array(known.columns.length);
  for (let unit = day * unitsPerDay; unit < (day + 1) * unitsPerDay; unit += 1) {
    const error = (values[unit] ?? Number.NaN) - (known.start[unit] ?? 0);
    if (Number.isNaN(error)) continue;
    for (let column = 0; column < row.length; column += 1) row[column] = known.columns[column]?.[unit] ?? 0;
    sums.add(row, error);
  }
}

function weighted(
  { start, columns }: Features,
  weights: Float64Array,
  { from, count }: { from: number; count: number },
): Float64Array {
  const result = start.slice(from, from + count);
  weights.forEach((weight, column) => {
    const values = columns[column];
    if (weight === 0 || values === undefined) return;
    for (let index = 0; index < count; index += 1) {
      result[index] = (result[index] ?? 0) + weight * (values[from + index] ?? 0);
    }
  });
  return result;
}
