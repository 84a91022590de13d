import { DEFAULT_MTU_MS } from "@gridpact/settlement";
import { InvalidInputError } from "../flexibility-error.ts";
import { type LocalClock, UTC_CLOCK } from "./local-clock.ts";

/** What is forecast. It decides which values can be right: a load may not be negative, a price may. */
export type SeriesKind = "load" | "generation" | "net" | "price" | "flexibility";

/** Metered values of one thing, one for each market time unit, oldest first, in any one unit of measure. */
export type SeriesHistory = {
  readonly kind: SeriesKind;
  /** Start of the first unit. */
  readonly startUnixMs: number;
  /** Length of a unit; 15 minutes when left out. It must divide the day. */
  readonly mtuMs?: number;
  /** `null`, NaN and what no device can reach are gaps. A load is import positive, generation is positive. */
  readonly values: ArrayLike<number | null>;
  /** The clock that the thing lives by; UTC when left out. */
  readonly clock?: LocalClock;
  /** Local dates, `YYYY-MM-DD`, on which people behave as on a Sunday. */
  readonly holidays?: readonly string[];
  /**
   * What is known ahead about the same units and those of the horizon: weather forecasts, prices. Each holds a value
   * for every unit of the history and the horizon, as it was known one day before the unit.
   */
  readonly drivers?: readonly ArrayLike<number | null>[];
};

/**
 * A history on the grid of local clock times, cut into days that end at the origin:
 * ```
 *   values   |--- day 0 ---|--- day 1 ---| ... |-- day D-1 --|      gaps are NaN
 *   weekday  |-------------|-------------| ... |-------------|------- horizon -------|
 *                                                            ^ origin
 * ```
 */
export type DaySeries = {
  readonly values: Float64Array;
  readonly unitsPerDay: number;
  readonly dayCount: number;
  /** 0 = Sunday ... 6 = Saturday, for history and horizon. */
  readonly weekdays: Uint8Array;
  readonly drivers: readonly Float64Array[];
  /** Local unit of each UTC unit of the horizon, counted from the origin. */
  readonly horizonUnits: readonly number[];
  /** Time of day of the origin, in units after local midnight. */
  readonly originSlot: number;
  readonly isSigned: boolean;
  /** What the sun makes follows its season. */
  readonly isSunlit: boolean;
  /** Local date of the first day, days since 1970-01-01; of its first unit where days do not start at midnight. */
  readonly firstDay: number;
  /** Values that were taken as gaps because no device can reach them, or because the kind excludes negative ones. */
  readonly refused: RefusedCounts;
};

/** By why a value was refused; each refused value counts once. */
export type RefusedCounts = {
  readonly outliers: number;
  readonly negatives: number;
  /** Large and negative: what a register that starts again from zero leaves in its differences. */
  readonly resets: number;
};

/** Two days: the gate closure of a day-ahead market lies up to 38 hours before its last unit. */
export const FORECAST_HORIZON_MS_MAX = 172_800_000;

/** A year knows every season and is a bound on the work for one series. */
export const HISTORY_DAYS_USED = 366;

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: weekday 4 when Sunday is 0. */
const EPOCH_WEEKDAY = 4;
/** A terawatt is no device: such a value is a broken meter, and sums of it would end in infinity. */
const MAGNITUDE_MAX = 1e12;
/** Ten times what is exceeded in two units of a thousand is beyond any appliance that the history knows of. */
const OUTLIER_FACTOR = 10;
const OUTLIER_QUANTILE = 0.998;

/**
 * Prepares a history for a forecast of `horizonLength` units after its end. Of a longer history only the last
 * `HISTORY_DAYS_USED` days are kept; what does not fill a day at its start is dropped.
 *
 * @throws InvalidInputError unless the unit divides the day, the start is an integer, the horizon has whole units up to
 * 48 hours, and drivers cover history and horizon
 */
export function daySeries(history: SeriesHistory, horizonLength: number): DaySeries {
  const { startUnixMs, mtuMs = DEFAULT_MTU_MS, values, clock = UTC_CLOCK, drivers = [], holidays = [] } = history;
  checkGrid(startUnixMs, mtuMs);
  checkHorizon(horizonLength, mtuMs);
  checkDrivers(drivers, values.length + horizonLength);
  const unitsPerDay = DAY_MS / mtuMs;
  const localUnitOf = (unit: number) => {
    const unixMs = startUnixMs + unit * mtuMs;
    return Math.floor((unixMs + clock.utcOffsetMsAt(unixMs)) / mtuMs);
  };
  const origin = localUnitOf(values.length);
  const spanUnits = Math.min(Math.max(0, origin - localUnitOf(0)), HISTORY_DAYS_USED * unitsPerDay);
  // An incomplete first day is filled up with gaps: a history of some hours is a day as well.
  const dayCount = Math.ceil(spanUnits / unitsPerDay);
  const first = origin - dayCount * unitsPerDay;
  const horizonUnits = Array.from({ length: horizonLength }, (_, lead) => localUnitOf(values.length + lead) - origin);
  const reach = dayCount * unitsPerDay + 1 + Math.max(0, ...horizonUnits);
  const onGrid = (series: ArrayLike<number | null>) =>
    localGrid(series, (unit) => localUnitOf(unit) - first, { reach, unitCount: series.length });
  const isSigned = history.kind === "net" || history.kind === "price";
  const grid = onGrid(values).subarray(0, dayCount * unitsPerDay);
  return {
    values: grid,
    unitsPerDay,
    dayCount,
    weekdays: weekdaysOf({ first, length: reach, unitsPerDay, holidays }),
    drivers: drivers.map((driver) => filledForward(onGrid(driver))),
    horizonUnits,
    originSlot: ((origin % unitsPerDay) + unitsPerDay) % unitsPerDay,
    isSigned,
    isSunlit: history.kind === "generation",
    firstDay: Math.floor(first / unitsPerDay),
    refused: dropImpossible(grid, isSigned),
  };
}

function checkGrid(startUnixMs: number, mtuMs: number): void {
  if (!Number.isSafeInteger(mtuMs) || mtuMs <= 0 || DAY_MS % mtuMs !== 0) {
    throw new InvalidInputError("mtuMs", `must divide the day, is ${mtuMs}`);
  }
  if (!Number.isSafeInteger(startUnixMs)) throw new InvalidInputError("startUnixMs", "must be an integer");
}

function checkHorizon(horizonLength: number, mtuMs: number): void {
  const isValid = Number.isSafeInteger(horizonLength) && horizonLength >= 1;
  if (isValid && horizonLength * mtuMs <= FORECAST_HORIZON_MS_MAX) return;
  throw new InvalidInputError("horizonUnits", `must be a whole number of units up to 48 hours, is ${horizonLength}`);
}

function checkDrivers(drivers: readonly ArrayLike<number | null>[], length: number): void {
  const short = drivers.findIndex((driver) => driver.length < length);
  if (short >= 0) throw new InvalidInputError("drivers", `number ${short} must hold ${length} values`);
}

/** Values by local unit; two units of one local time (autumn) are averaged, a local time without a unit is a gap. */
function localGrid(
  series: ArrayLike<number | null>,
  gridUnitOf: (unit: number) => number,
  { reach, unitCount }: { reach: number; unitCount: number },
): Float64Array {
  const sums = new Float64Array(Math.max(0, reach));
  const counts = new Uint8Array(Math.max(0, reach));
  for (let unit = 0; unit < unitCount; unit += 1) {
    const value = series[unit] ?? Number.NaN;
    const gridUnit = gridUnitOf(unit);
    if (gridUnit < 0 || gridUnit >= reach || !(Math.abs(value) <= MAGNITUDE_MAX)) continue;
    sums[gridUnit] = (sums[gridUnit] ?? 0) + value;
    counts[gridUnit] = (counts[gridUnit] ?? 0) + 1;
  }
  return sums.map((sum, unit) => (counts[unit] === 0 ? Number.NaN : sum / (counts[unit] ?? 1)));
}

/** Weather does not stop where its record does: the last value stands until the next one. */
function filledForward(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}

function weekdaysOf(grid: {
  first: number;
  length: number;
  unitsPerDay: number;
  holidays: readonly string[];
}): Uint8Array {
  const { first, length, unitsPerDay, holidays } = grid;
  const holidayDays = new Set(holidays.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY_MS));
  return Uint8Array.from({ length }, (_, unit) => {
    const day = Math.floor((first + unit) / unitsPerDay);
    // The double remainder keeps days before 1970 in 0..6.
    return holidayDays.has(day) ? 0 : (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  });
}

/** Turns what cannot be into gaps, in place, and counts it. */
function dropImpossible(values: Float64Array, isSigned: boolean): RefusedCounts {
  const limit = OUTLIER_FACTOR * usualMagnitude(values);
  const refused = { outliers: 0, negatives: 0, resets: 0 };
  values.forEach((value, unit) => {
    const fault = faultOf(value, { limit, isSigned });
    if (fault === null) return;
    values[unit] = Number.NaN;
    refused[fault] += 1;
  });
  return refused;
}

function faultOf(value: number, { limit, isSigned }: { limit: number; isSigned: boolean }): keyof RefusedCounts | null {
  if (!isSigned && value < 0) return value < -limit ? "resets" : "negatives";
  return Math.abs(value) > limit ? "outliers" : null;
}

/** What is exceeded in few units only; zeros say nothing about how large a device is. */
function usualMagnitude(values: Float64Array): number {
  const magnitudes = values
    .filter((value) => value !== 0 && !Number.isNaN(value))
    .map(Math.abs)
    .sort();
  return magnitudes[Math.floor(OUTLIER_QUANTILE * (magnitudes.length - 1))] ?? 0;
}
