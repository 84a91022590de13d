/**
 * What a forecast of one unit is computed from. The pattern `any8` is where every forecast starts; a feature is a
 * deviation from it, so that no feature at all means "as usual".
 */
import { patternValues } from "./day-patterns.ts";
import type { DaySeries } from "./series-history.ts";
import { seasonColumns } from "./sun-season.ts";

/** Each array has a value for every unit of the history and of the two days after it. */
export type Features = {
  /** The start of every forecast. */
  readonly start: Float64Array;
  /** Forecasts on their own, the start among them. */
  readonly patterns: readonly Float64Array[];
  readonly columns: readonly Float64Array[];
  /** The columns that come from drivers are the last ones; so many come before them. */
  readonly ownColumnCount: number;
};

/** Three hours tell whether the load of now runs above usual. */
const LATE_HOURS = 3;
/** How fast that knowledge halves: within an hour for an appliance, within six for weather and occupancy. */
const FADING_HOURS = [1, 6] as const;
const HOURS_PER_DAY = 24;
/** A fading mean of a half-life of eight days. */
const START_PATTERN = "any8";
const START_KEPT_PER_DAY = 0.917;
/** Half-life of eight days: weather is compared with that of about a week, longer would call the season a deviation. */
const DRIVER_KEPT_PER_DAY = 0.917;

/** The features of units whose day lies `daysAhead` (1 or 2) after the last known one. */
export function features(series: DaySeries, daysAhead: number): Features {
  const patterns = patternValues(series, daysAhead);
  const start = patterns.get(START_PATTERN) ?? new Float64Array(0);
  const deviations = [...patterns.values()]
    .filter((values) => values !== start)
    .map((values) => values.map((value, unit) => value - (start[unit] ?? 0)));
  const season = () => seasonColumns(series, start, { daysAhead, keptPerDay: START_KEPT_PER_DAY });
  // The start itself is a column where every day is alike: how much of a bright fortnight a day keeps on average.
  const sunlit = series.isSunlit ? [start, ...season()] : [];
  const own = [...deviations, ...recentColumns(series, start, daysAhead), ...sunlit];
  const driven = series.drivers.flatMap((driver) => driverColumns(driver, series, start));
  return { start, patterns: [...patterns.values()], columns: [...own, ...driven], ownColumnCount: own.length };
}

/**
 * How the last known day went against its own start: its mean error as an amount and as a share of the level (a dark
 * day dims the sun by a share), the share of the day before, and the error of the last hours, fading with the lead.
 */
function recentColumns(series: DaySeries, start: Float64Array, daysAhead: number): Float64Array[] {
  const { unitsPerDay, dayCount, values } = series;
  const lateUnits = Math.max(1, Math.round((LATE_HOURS * unitsPerDay) / HOURS_PER_DAY));
  const errorOf = (units: number) =>
    Float64Array.from({ length: dayCount + 2 }, (_, day) => {
      const end = (day - daysAhead + 1) * unitsPerDay;
      return meanError(values, start, { from: end - units, to: end });
    });
  const dayError = errorOf(unitsPerDay);
  const lateError = errorOf(lateUnits);
  const shareBefore = (days: number) =>
    dayError.map((_, day) => {
      const first = (day - daysAhead - days) * unitsPerDay;
      return first < 0 ? 0 : shareOf(dayError[day - days] ?? 0, meanOf(start, first, first + unitsPerDay));
    });
  const spread = (perDay: Float64Array, shape: (unit: number) => number) =>
    start.map((_, unit) => (perDay[Math.floor(unit / unitsPerDay)] ?? 0) * shape(unit));
  const startAt = (unit: number) => start[unit] ?? 0;
  const hoursAt = (unit: number) => ((unit % unitsPerDay) * HOURS_PER_DAY) / unitsPerDay;
  return [
    spread(dayError, () => 1),
    spread(shareBefore(0), startAt),
    spread(shareBefore(1), startAt),
    ...FADING_HOURS.map((fading) => spread(lateError, (unit) => fading / (fading + hoursAt(unit)))),
  ];
}

function meanError(values: Float64Array, start: Float64Array, { from, to }: { from: number; to: number }): number {
  let sum = 0;
  let count = 0;
  for (let unit = Math.max(0, from); unit < Math.min(to, values.length); unit += 1) {
    const error = (values[unit] ?? Number.NaN) - (start[unit] ?? 0);
    if (Number.isNaN(error)) continue;
    sum += error;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

/** A part of a whole, at most the whole itself: near zero a share would say anything. */
function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.max(-1, Math.min(1, part / Math.abs(whole)));
}

function meanOf(values: Float64Array, from: number, to: number): number {
  return values.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
}

/**
 * A driver's deviation from its usual value at the time of day, upward and downward apart, as an amount (a price) and
 * as a share that scales the start (the sun), and the mean deviation of the day (heat that builds up).
 */
function driverColumns(driver: Float64Array, series: DaySeries, start: Float64Array): Float64Array[] {
  const { amounts, shares } = driverDeviations(driver, series);
  const ofDay = dayMeans(amounts, series.unitsPerDay);
  const scaled = (values: Float64Array) => values.map((value, unit) => value * (start[unit] ?? 0));
  const asShares = [scaled(ofDay), ...bothWays(shares).map(scaled)];
  // Weather dims the sun by a share; an amount would let it shine at night.
  return series.isSunlit ? asShares : [...bothWays(amounts), ofDay, ...asShares];
}

function driverDeviations(driver: Float64Array, { unitsPerDay, dayCount }: DaySeries) {
  const length = (dayCount + 2) * unitsPerDay;
  const kept = DRIVER_KEPT_PER_DAY;
  const usual = Float64Array.from(driver.subarray(0, unitsPerDay));
  const amounts = new Float64Array(length);
  const shares = new Float64Array(length);
  for (let unit = 0; unit < length; unit += 1) {
    const slot = unit % unitsPerDay;
    const usualValue = usual[slot] ?? 0;
    // Beyond the horizon nothing is known, and nothing is asked.
    const value = driver[unit] ?? usualValue;
    amounts[unit] = value - usualValue;
    shares[unit] = shareOf(value - usualValue, usualValue);
    usual[slot] = usualValue * kept + value * (1 - kept);
  }
  return { amounts, shares };
}

function dayMeans(values: Float64Array, unitsPerDay: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += unitsPerDay) {
    result.fill(meanOf(values, first, first + unitsPerDay), first, first + unitsPerDay);
  }
  return result;
}

function bothWays(values: Float64Array): Float64Array[] {
  return [values.map((value) => Math.max(0, value)), values.map((value) => Math.min(0, value))];
}
