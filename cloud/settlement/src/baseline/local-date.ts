import { InvalidTermsError } from "../settlement-error.ts";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** Day number 0, 1970-01-01, was a Thursday, which is weekday 4 when Sunday is 0. */
const EPOCH_WEEKDAY = 4;

/**
 * The number of days from 1970-01-01 to an ISO date. Callers turn instants into local dates with the IANA zone of the
 * market message; here a date is only a label on the calendar, so no zone, clock or `Intl` is involved.
 *
 * @throws InvalidTermsError for a text that is not a real date as `YYYY-MM-DD`
 */
export function dayNumber(localDate: string): number {
  const midnightMs = ISO_DATE.test(localDate) ? Date.parse(`${localDate}T00:00:00Z`) : Number.NaN;
  // Some engines roll 02-30 over into March, so the date must survive the way back.
  if (Number.isNaN(midnightMs) || new Date(midnightMs).toISOString().slice(0, 10) !== localDate) {
    throw new InvalidTermsError("localDate", `${localDate} is not a date as YYYY-MM-DD`);
  }
  return midnightMs / DAY_MS;
}

/** True from Monday to Friday; public holidays are the caller's list, not known here. */
export function isWeekday(day: number): boolean {
  // The double remainder keeps days before 1970 in 0..6.
  const weekday = (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  return weekday >= 1 && weekday <= 5;
}
