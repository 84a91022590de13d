import { DEFAULT_MTU_MS } from "@gridpact/settlement";
import { InvalidInputError } from "../flexibility-error.ts";

/** Metered mean power of one device, one value for each market time unit, oldest first. */
export type LoadHistory = {
  /** Start of the first unit. */
  readonly startUnixMs: number;
  /** Length of a unit; 15 minutes when left out. It must divide the day. */
  readonly mtuMs?: number;
  /** Net import in W (negative = net export); `null`, NaN and what exceeds `POWER_W_MAX` are gaps. */
  readonly powerW: readonly (number | null)[];
};

/** A history as the forecasting methods see it: gaps are NaN, units know their day. */
export type LoadSeries = {
  readonly powerW: Float64Array;
  readonly unitsPerDay: number;
  /** 1 for units on a Saturday or Sunday of the local calendar, else 0; it reaches `FORECAST_HORIZON_MS_MAX` ahead. */
  readonly isWeekend: Uint8Array;
};

/** Two days: the gate closure of a day-ahead market lies up to 38 hours before its last unit. */
export const FORECAST_HORIZON_MS_MAX = 172_800_000;

/** A terawatt is no device: such a value is a broken meter, and sums of it would end in infinity. */
const POWER_W_MAX = 1e12;

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: weekday 4 when Sunday is 0. */
const EPOCH_WEEKDAY = 4;

/**
 * Eight weeks are used at most: enough for every method and for the backtest, recent enough to share a season, and
 * a bound on the work for each device.
 */
export const HISTORY_DAYS_USED = 56;

/**
 * Prepares a history; of a longer one only the last `HISTORY_DAYS_USED` days are kept.
 *
 * `utcOffsetMs` is the offset of the local clock at the origin of the forecast. The hour that a clock change shifts
 * within the history is accepted: it fades within a week of data.
 *
 * @throws InvalidInputError unless the unit divides the day and the start is an integer
 */
export function loadSeries(history: LoadHistory, utcOffsetMs: number): LoadSeries {
  const { startUnixMs, mtuMs = DEFAULT_MTU_MS, powerW } = history;
  if (!Number.isSafeInteger(mtuMs) || mtuMs <= 0 || DAY_MS % mtuMs !== 0) {
    throw new InvalidInputError("mtuMs", `must divide the day, is ${mtuMs}`);
  }
  if (!Number.isSafeInteger(startUnixMs)) throw new InvalidInputError("startUnixMs", "must be an integer");
  const unitsPerDay = DAY_MS / mtuMs;
  const dropped = Math.max(0, powerW.length - HISTORY_DAYS_USED * unitsPerDay);
  const firstLocalMs = startUnixMs + utcOffsetMs + dropped * mtuMs;
  return {
    powerW: Float64Array.from(powerW.slice(dropped), usableW),
    unitsPerDay,
    isWeekend: Uint8Array.from({ length: powerW.length - dropped + FORECAST_HORIZON_MS_MAX / mtuMs }, (_, unit) =>
      isWeekendDay(Math.floor((firstLocalMs + unit * mtuMs) / DAY_MS)) ? 1 : 0,
    ),
  };
}

function usableW(value: number | null): number {
  return value !== null && Math.abs(value) <= POWER_W_MAX ? value : Number.NaN;
}

function isWeekendDay(day: number): boolean {
  // The double remainder keeps days before 1970 in 0..6.
  const weekday = (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}
