/**
 * The pattern of `xcal:DurationValueType` with bounded digits. It has no weeks: the schema's own typing excludes `P1W`.
 */
const DURATION =
  /^([+-])?P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Whether the text is a duration. `P` and `PT` without a number are not, although the schema's pattern lets them by.
 */
export function isDuration(text: string): boolean {
  return /\d[YMDHS]$/.test(text) && DURATION.test(text);
}

/**
 * The end of a duration that starts at `startUnixMs`. Years and months are calendar months in UTC, clamped to the last
 * day of the month (31 January + P1M = 28 or 29 February); days are 24 hours.
 * MUST be called with a text for which `isDuration` holds; a programming error otherwise.
 */
export function addDuration(startUnixMs: number, duration: string): number {
  const match = DURATION.exec(duration);
  if (match === null) throw new RangeError(`not a duration: ${duration}`);
  const sign = match[1] === "-" ? -1 : 1;
  const [years, months, days, hours, minutes, seconds] = match.slice(2).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fixedMs = days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  return addMonths(startUnixMs, sign * (years * 12 + months)) + sign * fixedMs;
}

/** Milliseconds of a duration; months are counted from the epoch, so use `addDuration` when a start is known. */
export function durationMs(duration: string): number {
  return addDuration(0, duration);
}

function addMonths(unixMs: number, months: number): number {
  if (months === 0) return unixMs;
  const date = new Date(unixMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
