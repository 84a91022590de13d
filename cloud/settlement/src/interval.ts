/**
 * Intervals: contractual time slots, half-open, labelled by their start.
 *
 *      boundary 0   boundary 1   boundary 2   boundary 3
 *          |------------|------------|------------|
 *          [ interval 0 )[ interval 1 )[ interval 2 )
 */
import { InvalidTermsError } from "./settlement-error.ts";

/** `[startUnixMs, endUnixMs)` in UTC milliseconds: JSON numbers, since they stay far below 2^53. */
export type Interval = { readonly startUnixMs: number; readonly endUnixMs: number };

/** The market time unit unless a programme says otherwise: 15 minutes, the European imbalance settlement period. */
export const DEFAULT_MTU_MS = 900_000;

/** 48 hours of 15 minutes: our longest forecast horizon, hence the longest event, and a bound on contract state. */
export const EVENT_INTERVALS_MAX = 192;

/**
 * Cuts an event into market time units.
 *
 * @throws InvalidTermsError when the event is empty, too long or not on market-time-unit boundaries
 */
export function eventIntervals(event: Interval, mtuMs: number = DEFAULT_MTU_MS): Interval[] {
  if (!Number.isSafeInteger(mtuMs) || mtuMs <= 0) throw new InvalidTermsError("mtuMs", "must be a positive integer");
  const { startUnixMs, endUnixMs } = event;
  if (!isMultiple(startUnixMs, mtuMs) || !isMultiple(endUnixMs, mtuMs)) {
    throw new InvalidTermsError("event", `must start and end on multiples of ${mtuMs} ms`);
  }
  const count = (endUnixMs - startUnixMs) / mtuMs;
  checkCount(count);
  return Array.from({ length: count }, (_, index) => ({
    startUnixMs: startUnixMs + index * mtuMs,
    endUnixMs: startUnixMs + (index + 1) * mtuMs,
  }));
}

/**
 * The instants at which a signed register value is needed: one more than there are intervals.
 *
 * @throws InvalidTermsError as `checkIntervals` does
 */
export function intervalBoundaries(intervals: readonly Interval[]): number[] {
  checkIntervals(intervals);
  return [...intervals.slice(0, 1).map((first) => first.startUnixMs), ...intervals.map((each) => each.endUnixMs)];
}

/**
 * Checks that intervals are what a contract may cover: 1 to `EVENT_INTERVALS_MAX`, each starting where the last ended.
 *
 * @throws InvalidTermsError
 */
export function checkIntervals(intervals: readonly Interval[]): void {
  checkCount(intervals.length);
  let previousEndUnixMs = intervals[0]?.startUnixMs;
  for (const { startUnixMs, endUnixMs } of intervals) {
    if (!Number.isSafeInteger(startUnixMs) || !Number.isSafeInteger(endUnixMs) || endUnixMs <= startUnixMs) {
      throw new InvalidTermsError("intervals", "an interval must have integer bounds and end after it starts");
    }
    if (startUnixMs !== previousEndUnixMs) throw new InvalidTermsError("intervals", "there is a gap or an overlap");
    previousEndUnixMs = endUnixMs;
  }
}

function checkCount(count: number): void {
  if (count >= 1 && count <= EVENT_INTERVALS_MAX) return;
  throw new InvalidTermsError("intervals", `1 to ${EVENT_INTERVALS_MAX} are allowed, not ${count}`);
}

function isMultiple(value: number, unit: number): boolean {
  return Number.isSafeInteger(value) && value % unit === 0;
}
