import { describe, expect, it } from "vitest";
import { publicHolidays } from "./public-holidays.ts";
import { recogniseCountry } from "./recognise-holidays.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const START_UNIX_MS = Date.UTC(2016, 0, 1);

/** Hours of the first nine months of 2016, by whether the day is free. */
function hours(isFree: (date: string, weekday: number) => boolean) {
  const values = Float64Array.from({ length: 274 * 24 }, (_, hour) => {
    const at = new Date(START_UNIX_MS + hour * HOUR_MS);
    const isWork = !isFree(at.toISOString().slice(0, 10), at.getUTCDay()) && hour % 24 >= 8 && hour % 24 < 18;
    return (isWork ? 300 : 100) + ((hour * 7919) % 13);
  });
  return { startUnixMs: START_UNIX_MS, mtuMs: HOUR_MS, values };
}

const weekend = (weekday: number) => weekday % 6 === 0;

describe("recogniseCountry", () => {
  it("finds the country whose holidays an office keeps", () => {
    for (const country of ["US", "DE"] as const) {
      const free = new Set(publicHolidays(country, 2016));
      expect(recogniseCountry(hours((date, weekday) => weekend(weekday) || free.has(date)))).toBe(country);
    }
  });

  it("finds none where holidays are like every other day", () => {
    expect(recogniseCountry(hours((_, weekday) => weekend(weekday)))).toBeNull();
    expect(recogniseCountry(hours(() => false))).toBeNull();
  });

  it("finds none in a history without two holidays, with gaps on them, or without any day", () => {
    const office = hours((_, weekday) => weekend(weekday));
    expect(recogniseCountry({ ...office, values: office.values.subarray(0, 24 * 10) })).toBeNull();
    expect(recogniseCountry({ ...office, values: office.values.map(() => Number.NaN) })).toBeNull();
    expect(
      recogniseCountry({ ...office, startUnixMs: START_UNIX_MS + DAY_MS / 2, values: new Float64Array(3) }),
    ).toBeNull();
  });
});
