/**
 * Which past days may speak for the day of an event.
 *
 *   |<------------- lookbackDays ------------->|
 *   |  old ... eligible, other day type, event |  event day
 *   +------------------------------------------+-----------> local dates
 */
import { InvalidTermsError } from "../settlement-error.ts";
import { dayNumber, isWeekday } from "./local-date.ts";

/**
 * One past day of one device. Energies are net import (negative = net export) per market time unit, picked by local
 * clock time; `null` marks a unit without readings. A window that runs over midnight belongs to the day it starts on.
 */
export type DayHistory = {
  /** `YYYY-MM-DD` in the IANA zone of the market message. */
  readonly localDate: string;
  readonly windowWh: readonly (bigint | null)[];
  /** The window of a same-day adjustment; left out when there is none. */
  readonly adjustmentWh?: readonly (bigint | null)[];
};

/** How days are chosen. All dates are local dates, `YYYY-MM-DD`. */
export type DaySelection = {
  readonly eventDate: string;
  /** Days with any event of the device: their load was already influenced. */
  readonly eventDates: readonly string[];
  readonly holidays: readonly string[];
  readonly lookbackDays?: number;
};

/** A day with every value present, ready to be averaged. */
export type CompleteDay = { readonly localDate: string; readonly windowWh: bigint[]; readonly adjustmentWh: bigint[] };

/**
 * 45 calendar days hold 10 weekdays even with many events, and still lie in the season of the event. Days beyond it
 * never count, so that a longer archive cannot change a baseline.
 */
export const DEFAULT_LOOKBACK_DAYS = 45;

/** A year and a month of days bounds the work that one settlement can ask of a peer. */
export const HISTORY_DAYS_MAX = 400;

type Candidate = { day: number; history: DayHistory };

/**
 * The eligible days, most recent first, whatever the order of `history`. Eligible is a day that
 * - lies before the event day and within the lookback,
 * - is of the same type: Monday to Friday for a working-day event; Saturday or Sunday for an event on a weekend or
 * holiday,
 * - is no event day and no holiday,
 * - has a value in every unit of its windows, of which there must be as many as the event has (a clock change within
 *   the window makes a day incomparable).
 *
 * @throws InvalidTermsError for a malformed date, a date given twice or more than `HISTORY_DAYS_MAX` days
 */
export function selectEligibleDays(
  history: readonly DayHistory[],
  selection: DaySelection,
  lengths: { windowLength: number; adjustmentLength: number },
): CompleteDay[] {
  const isEligible = eligibility(selection);
  return datedHistory(history)
    .filter(({ day }) => isEligible(day))
    .sort((left, right) => right.day - left.day)
    .map(({ history: each }) => completeDay(each, lengths.adjustmentLength > 0))
    .filter((day) => day !== null)
    .filter((day) => day.windowWh.length === lengths.windowLength)
    .filter((day) => day.adjustmentWh.length === lengths.adjustmentLength);
}

function datedHistory(history: readonly DayHistory[]): Candidate[] {
  if (history.length > HISTORY_DAYS_MAX) {
    throw new InvalidTermsError("history", `at most ${HISTORY_DAYS_MAX} days, not ${history.length}`);
  }
  const candidates = history.map((each) => ({ day: dayNumber(each.localDate), history: each }));
  // A day given twice would be averaged twice: the caller's data is broken and must not be guessed at.
  if (new Set(candidates.map(({ day }) => day)).size !== history.length) {
    throw new InvalidTermsError("history", "a date is given twice");
  }
  return candidates;
}

function eligibility(selection: DaySelection): (day: number) => boolean {
  const { eventDate, eventDates, holidays, lookbackDays = DEFAULT_LOOKBACK_DAYS } = selection;
  const eventDay = dayNumber(eventDate);
  const holidaySet = new Set(holidays.map(dayNumber));
  const excluded = new Set([...eventDates.map(dayNumber), ...holidaySet]);
  const isWorkingDay = isWeekday(eventDay) && !holidaySet.has(eventDay);
  return (day) =>
    day < eventDay && day >= eventDay - lookbackDays && isWeekday(day) === isWorkingDay && !excluded.has(day);
}

/** A gap in an adjustment window that nobody asked for must not cost the day. */
function completeDay({ localDate, ...day }: DayHistory, isAdjusted: boolean): CompleteDay | null {
  const gathered = isAdjusted ? (day.adjustmentWh ?? []) : [];
  const windowWh = day.windowWh.filter((value) => value !== null);
  const adjustmentWh = gathered.filter((value) => value !== null);
  const isComplete = windowWh.length === day.windowWh.length && adjustmentWh.length === gathered.length;
  return isComplete ? { localDate, windowWh, adjustmentWh } : null;
}
