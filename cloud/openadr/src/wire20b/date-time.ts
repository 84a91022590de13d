const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{0,12}))?Z?$/;

/**
 * `xcal:DateTimeType` to Unix milliseconds. The schema knows UTC only, with or without `Z`, so a missing `Z` is UTC
 * too. Digits below a millisecond are cut off, as nothing in demand response is decided by them. Returns undefined for
 * anything else, days that do not exist (30 February) included.
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number((match[7] ?? "").slice(0, 3).padEnd(3, "0")));
  const unixMs = date.getTime();
  return formatDateTime(unixMs)?.slice(0, 19) === text.slice(0, 19) ? unixMs : undefined;
}

/** RFC 3339 in UTC with milliseconds, or undefined outside the years 0000 to 9999. */
export function formatDateTime(unixMs: number): string | undefined {
  if (!Number.isSafeInteger(unixMs)) return undefined;
  const date = new Date(unixMs);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : undefined;
}
