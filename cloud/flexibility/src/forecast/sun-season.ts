/**
 * How the sun's path changes over the year, seen from a generator whose place nobody told: sunrise, noon height and
 * with them a clear day follow the declination alone, so what a change of it does to a place is learnt.
 */
import type { DaySeries } from "./series-history.ts";

/** Mean tropical year; the equinox of March lies 79 days after the start of 1970, give or take a day. */
const YEAR_DAYS = 365.2422;
const EQUINOX_DAY = 79;

/**
 * Declination of the sun in parts of its greatest, -1 in December to 1 in June. A rational stand-in for the sine
 * (Bhaskara I, 7th century; off by 0.002) has the same bits everywhere.
 *
 * @param day days since 1970-01-01
 */
export function seasonOf(day: number): number {
  const halfYears = (2 * (day - EQUINOX_DAY)) / YEAR_DAYS;
  const whole = Math.floor(halfYears);
  const product = (halfYears - whole) * (1 - (halfYears - whole));
  return ((whole % 2 === 0 ? 1 : -1) * 16 * product) / (5 - 4 * product);
}

/**
 * For each unit how far the season has moved since the days that the start was learnt from: times the start (days grow
 * brighter or darker) and times the slope of the start over the day (days grow longer or shorter at both ends).
 */
export function seasonColumns(
  { firstDay, unitsPerDay, dayCount }: DaySeries,
  start: Float64Array,
  { daysAhead, keptPerDay }: { daysAhead: number; keptPerDay: number },
): Float64Array[] {
  const moved = new Float64Array(dayCount + 2);
  let [sum, weight] = [0, 0];
  for (let day = daysAhead; day < dayCount + 2; day += 1) {
    sum = sum * keptPerDay + seasonOf(firstDay + day - daysAhead);
    weight = weight * keptPerDay + 1;
    moved[day] = seasonOf(firstDay + day) - sum / weight;
  }
  const level = start.map((value, unit) => value * (moved[Math.floor(unit / unitsPerDay)] ?? 0));
  const ends = start.map((_, unit) => {
    const midnight = unit - (unit % unitsPerDay);
    const at = (other: number) => start[midnight + ((other - midnight + unitsPerDay) % unitsPerDay)] ?? 0;
    return (Math.abs(at(unit + 1) - at(unit - 1)) / 2) * (moved[Math.floor(unit / unitsPerDay)] ?? 0);
  });
  return [level, ends];
}
