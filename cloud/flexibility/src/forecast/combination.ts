import type { Candidate, Candidates } from "./candidates.ts";
import type { DaySeries } from "./series-history.ts";

/** The combined forecast of the judged days and of the horizon, and how well it did on the judged ones. */
export type Combination = {
  readonly firstUnit: number;
  readonly values: Float64Array;
  /** Actual minus forecast for each unit of the judged days; NaN where there is no actual. */
  readonly residuals: Float64Array;
};

/**
 * Candidates within a few percent of the best share the forecast: they err differently, so together they err less. A
 * weight falls with the 32nd power of the error (squared five times): 10 % worse weighs a twentieth.
 */
const SQUARINGS = 5;

/** Weight of the root mean square error against the mean absolute error, when candidates are judged. */
type Judgement = { readonly squareShare: number };

/** Sums and peaks hang on squares, single spiky devices on medians; seven to three keeps both near their best. */
const ALL_CANDIDATES: Judgement = { squareShare: 0.7 };
const LEARNT_CANDIDATES: Judgement = { squareShare: 0.5 };

/** Below a thousandth of the level a time of day has nothing: the sun does not shine at night because of a mean. */
const NOTHING_SHARE = 0.001;

/**
 * Half of the forecast comes from all candidates, half from the learnt ones alone, which keep their footing where the
 * backtest was lucky for a simple pattern. What the sun makes comes from the learnt ones alone: simple patterns do not
 * know that days grow shorter.
 */
export function combine(series: DaySeries, { firstUnit, list }: Candidates): Combination {
  const actual = series.values.subarray(firstUnit);
  const learntOnes = list.filter(({ isLearnt }) => isLearnt);
  const all = blend(series.isSunlit ? learntOnes : list, actual, ALL_CANDIDATES);
  const learnt = series.isSunlit ? all : blend(learntOnes, actual, LEARNT_CANDIDATES);
  const values = all.map((value, index) => (value + (learnt[index] ?? value)) / 2);
  if (!series.isSigned) keepPossible(values, series, firstUnit);
  return { firstUnit, values, residuals: actual.map((value, index) => value - (values[index] ?? 0)) };
}

function blend(candidates: readonly Candidate[], actual: Float64Array, judgement: Judgement): Float64Array {
  const weights = weightsOf(
    candidates.map(({ values }) => errorsOf(values, actual)),
    judgement,
  );
  const result = new Float64Array(candidates[0]?.values.length ?? 0);
  candidates.forEach(({ values }, candidate) => {
    const weight = weights[candidate] ?? 0;
    for (let index = 0; index < result.length; index += 1) {
      result[index] = (result[index] ?? 0) + weight * (values[index] ?? 0);
    }
  });
  return result;
}

type Errors = { readonly absolute: number; readonly square: number };

/** Equal weights where nothing could be judged, or where several candidates are without error. */
function weightsOf(errors: readonly Errors[], { squareShare }: Judgement): number[] {
  const bestAbsolute = Math.min(...errors.map(({ absolute }) => absolute));
  const bestSquare = Math.min(...errors.map(({ square }) => square));
  const raw = errors.map(({ absolute, square }) => {
    const score = (1 - squareShare) * ratio(absolute, bestAbsolute) + squareShare * ratio(square, bestSquare);
    return 1 / squaredTimes(score, SQUARINGS);
  });
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

function squaredTimes(value: number, times: number): number {
  return times === 0 ? value : squaredTimes(value * value, times - 1);
}

/** How many times the best error; a perfect best would make every other candidate infinitely bad. */
function ratio(error: number, best: number): number {
  if (Number.isNaN(best) || error === best) return 1;
  return error / Math.max(best, error * 1e-6);
}

function errorsOf(values: Float64Array, actual: Float64Array): Errors {
  let absolute = 0;
  let square = 0;
  let count = 0;
  for (let index = 0; index < actual.length; index += 1) {
    const error = (actual[index] ?? Number.NaN) - (values[index] ?? 0);
    if (Number.isNaN(error)) continue;
    absolute += Math.abs(error);
    square += error * error;
    count += 1;
  }
  return { absolute: absolute / count, square: Math.sqrt(square / count) };
}

/** Eight weeks: long enough that a device used once a month is not called dead, short enough to follow sunrise. */
const USUAL_DAYS = 56;

/** What cannot be negative is not forecast to be, and what never is at a time of day is forecast not to be. */
function keepPossible(values: Float64Array, series: DaySeries, firstUnit: number): void {
  const usual = usualBySlot(series);
  const seen = usual.filter((value) => !Number.isNaN(value));
  const level = seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
  for (let index = 0; index < values.length; index += 1) {
    // Where nothing was seen the comparison is false: nothing can be excluded.
    const isNothing = (usual[(firstUnit + index) % series.unitsPerDay] ?? 0) < NOTHING_SHARE * level;
    values[index] = isNothing ? 0 : Math.max(0, values[index] ?? 0);
  }
}

/** Mean of the last weeks by time of day; NaN where they hold no value. */
function usualBySlot({ values, unitsPerDay, dayCount }: DaySeries): Float64Array {
  const sums = new Float64Array(unitsPerDay);
  const counts = new Float64Array(unitsPerDay);
  values.subarray(Math.max(0, dayCount - USUAL_DAYS) * unitsPerDay).forEach((value, index) => {
    if (Number.isNaN(value)) return;
    const slot = index % unitsPerDay;
    sums[slot] = (sums[slot] ?? 0) + value;
    counts[slot] = (counts[slot] ?? 0) + 1;
  });
  return sums.map((sum, slot) => sum / (counts[slot] ?? 0));
}
