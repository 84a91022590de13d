/**
 * A meter whose clock was set wrong, or right again, repeats its days some hours early or late: no single value shows
 * it, the shape of the days does. Forecasts follow within a week or two by themselves; until then they are off.
 */
import type { DaySeries } from "./series-history.ts";

/** The last week against the four before: whole weeks, so that weekends do not look like a shift. */
const RECENT_DAYS = 7;
const EARLIER_DAYS = 28;
/** A wrong time zone is a shift of a few hours; further ones would compare morning with evening. */
const SHIFT_HOURS_MAX = 3;
/** Shapes of days that are shifted fit at least so well once shifted back, and so much better than as they are. */
const FIT_MIN = 0.8;
const FIT_GAIN_MIN = 0.2;
const HOURS_PER_DAY = 24;

/** By how many hours the last week runs later than the weeks before (negative: earlier); 0 when it does not. */
export function clockShiftHours(series: DaySeries): number {
  const { dayCount, unitsPerDay } = series;
  const unitsPerHour = unitsPerDay / HOURS_PER_DAY;
  if (dayCount < RECENT_DAYS + EARLIER_DAYS || !Number.isInteger(unitsPerHour)) return 0;
  const recent = profile(series, { from: dayCount - RECENT_DAYS, to: dayCount });
  const earlier = profile(series, { from: dayCount - RECENT_DAYS - EARLIER_DAYS, to: dayCount - RECENT_DAYS });
  const fitAt = (hours: number) => correlation(recent, earlier, hours * unitsPerHour);
  const shifts = Array.from({ length: 2 * SHIFT_HOURS_MAX + 1 }, (_, index) => index - SHIFT_HOURS_MAX);
  const best = shifts.reduce((found, hours) => (fitAt(hours) > fitAt(found) ? hours : found), 0);
  return fitAt(best) >= FIT_MIN && fitAt(best) - fitAt(0) >= FIT_GAIN_MIN ? best : 0;
}

/** Mean by time of day, less its own mean; NaN at times without a value. */
function profile({ values, unitsPerDay }: DaySeries, { from, to }: { from: number; to: number }): Float64Array {
  const means = Float64Array.from({ length: unitsPerDay }, (_, slot) => {
    const seen = Array.from({ length: to - from }, (_, day) => values[(from + day) * unitsPerDay + slot] ?? Number.NaN);
    return meanOf(seen.filter((value) => !Number.isNaN(value)));
  });
  const level = meanOf([...means].filter((value) => !Number.isNaN(value)));
  return means.map((value) => value - level);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a day with another one that runs `shift` units earlier; 0 where one is flat or has a time without values. */
function correlation(later: Float64Array, earlier: Float64Array, shift: number): number {
  const length = later.length;
  let [product, squares, otherSquares] = [0, 0, 0];
  later.forEach((value, slot) => {
    const other = earlier[(slot - shift + length) % length] ?? 0;
    product += value * other;
    squares += value * value;
    otherSquares += other * other;
  });
  const scale = Math.sqrt(squares * otherSquares);
  return scale > 0 ? product / scale : 0;
}
