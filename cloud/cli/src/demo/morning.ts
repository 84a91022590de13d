const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The day's play begins at 08:00 UTC. */
const START_HOUR = 8;

const SATURDAY = 6;
const SUNDAY = 0;

/**
 * The first 08:00 of a working day at or after an instant: baselines need ten days of the same kind, and the history
 * of the demonstration has ten working days.
 */
export function nextWorkingMorning(fromUnixMs: number): number {
  const today = Math.floor(fromUnixMs / DAY_MS) * DAY_MS + START_HOUR * HOUR_MS;
  let morning = today >= fromUnixMs ? today : today + DAY_MS;
  while ([SATURDAY, SUNDAY].includes(new Date(morning).getUTCDay())) morning += DAY_MS;
  return morning;
}
