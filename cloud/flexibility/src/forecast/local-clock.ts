/**
 * Households live by the clock on the wall: the same kettle boils at another UTC time after a clock change. Forecasts
 * therefore work on a grid of local clock times, on which every day has the same number of units:
 *
 *     UTC      |--|--|--|--|--|--|      spring: 23 hours exist       autumn: 25 hours exist
 *     local    |--|--|  gap |--|--|     one hour has no value        one hour holds the mean of two
 */
import { InvalidInputError } from "../flexibility-error.ts";

/** Local clock of an IANA zone: its offset from UTC at an instant. */
export type LocalClock = { readonly utcOffsetMsAt: (unixMs: number) => number };

const HOUR_MS = 3_600_000;

/** Clocks change on full hours of UTC everywhere, so one look-up serves an hour. Two years of hours are kept. */
const OFFSETS_KEPT_MAX = 2 * 366 * 24;

/** The clock that never changes; what a programme in UTC lives by. */
export const UTC_CLOCK: LocalClock = { utcOffsetMsAt: () => 0 };

/**
 * The clock of a zone. Keep one for all devices of the zone: asking the zone data base is what costs.
 *
 * @throws InvalidInputError for a zone that the runtime does not know
 */
export function localClockOf(zone: string): LocalClock {
  if (zone === "UTC") return UTC_CLOCK;
  const format = formatOf(zone);
  const offsets = new Map<number, number>();
  return {
    utcOffsetMsAt(unixMs) {
      const hour = Math.floor(unixMs / HOUR_MS);
      const known = offsets.get(hour);
      if (known !== undefined) return known;
      if (offsets.size >= OFFSETS_KEPT_MAX) offsets.clear();
      const offsetMs = localTimeMs(format, hour * HOUR_MS) - hour * HOUR_MS;
      offsets.set(hour, offsetMs);
      return offsetMs;
    },
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...fields, second: "2-digit", hourCycle: "h23" });
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidInputError("zone", `${zone} is no known time zone`);
    throw error;
  }
}

/** What the clock on the wall shows, read as if it were UTC. */
function localTimeMs(format: Intl.DateTimeFormat, unixMs: number): number {
  const parts = new Map(format.formatToParts(unixMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
