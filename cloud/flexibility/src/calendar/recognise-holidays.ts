import { COUNTRIES, type Country, publicHolidays } from "./public-holidays.ts";

/** Metered values in local clock time taken as UTC; gaps are NaN. */
export type LocalSeries = { readonly startUnixMs: number; readonly mtuMs: number; readonly values: Float64Array };

const DAY_MS = 86_400_000;
/** One free day can be chance; two that look like weekends are a habit. */
const HOLIDAYS_MIN = 2;
/** A holiday MUST be this much nearer to a weekend than to a working day, as a share of its distance to the latter. */
const EVIDENCE_MIN = 0.4;

/**
 * The country whose holidays the series keeps; `null` where none is evident, as with most single households. It looks
 * at the history alone: working days that were holidays, were they like weekends?
 */
export function recogniseCountry(series: LocalSeries): Country | null {
  const days = daysOf(series);
  const scored = COUNTRIES.map((country) => ({ country, evidence: evidenceFor(country, days) }));
  const best = scored.reduce((left, right) => (right.evidence > left.evidence ? right : left));
  return best.evidence >= EVIDENCE_MIN ? best.country : null;
}

type Day = { readonly date: string; readonly isWeekend: boolean; readonly values: Float64Array };

function daysOf({ startUnixMs, mtuMs, values }: LocalSeries): Day[] {
  const perDay = DAY_MS / mtuMs;
  const skipped = ((DAY_MS - (startUnixMs % DAY_MS)) % DAY_MS) / mtuMs;
  return Array.from({ length: Math.max(0, Math.floor((values.length - skipped) / perDay)) }, (_, index) => {
    const first = skipped + index * perDay;
    const start = new Date(startUnixMs + first * mtuMs);
    return {
      date: start.toISOString().slice(0, 10),
      isWeekend: start.getUTCDay() % 6 === 0,
      values: values.subarray(first, first + perDay),
    };
  });
}

/** How much nearer the country's holidays are to weekends than to working days: 1 at most, about 0 for no relation. */
function evidenceFor(country: Country, days: readonly Day[]): number {
  const years = new Set(days.map(({ date }) => Number(date.slice(0, 4))));
  const dates = new Set([...years].flatMap((year) => publicHolidays(country, year)));
  const isHoliday = ({ date }: Day) => dates.has(date);
  const holidays = days.filter((day) => !day.isWeekend && isHoliday(day) && !day.values.some(Number.isNaN));
  if (holidays.length < HOLIDAYS_MIN) return 0;
  const working = meanDay(days.filter((day) => !day.isWeekend && !isHoliday(day)));
  const weekend = meanDay(days.filter((day) => day.isWeekend));
  const toWorking = holidays.reduce((sum, { values }) => sum + distance(values, working), 0);
  const toWeekend = holidays.reduce((sum, { values }) => sum + distance(values, weekend), 0);
  return toWorking > 0 ? (toWorking - toWeekend) / toWorking : 0;
}

function meanDay(days: readonly Day[]): Float64Array {
  return Float64Array.from({ length: days[0]?.values.length ?? 0 }, (_, slot) => {
    const present = days.map(({ values }) => values[slot] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    return present.reduce((sum, value) => sum + value, 0) / present.length;
  });
}

function distance(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, slot) => sum + Math.abs(value - (right[slot] ?? 0)), 0);
}
