import { describe, expect, it } from "vitest";
import { forecastSeries } from "./forecast-series.ts";
import { seasonOf } from "./sun-season.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** Clear days at 50 degrees north, Wh: cosine of the sun's angle from the zenith, nothing below the horizon. */
function clearSun(from: string, days: number): Float64Array {
  return Float64Array.from({ length: days * 24 }, (_, unit) => {
    const declination = 0.409 * Math.sin((2 * Math.PI * (dayOf(from) + unit / 24 - 79)) / 365.2422);
    const hourAngle = (((unit % 24) + 0.5 - 12) * Math.PI) / 12;
    const [sine, cosine] = [Math.sin(0.873), Math.cos(0.873)];
    return 5000 * Math.max(0, sine * Math.sin(declination) + cosine * Math.cos(declination) * Math.cos(hourAngle));
  });
}

describe("seasonOf", () => {
  it.each([
    ["2024-03-20", 0],
    ["2024-06-20", 1],
    ["2024-09-22", 0],
    ["2024-12-21", -1],
    ["1969-06-21", 1],
  ])("of %s is %d", (date, season) => {
    expect(Math.abs(seasonOf(dayOf(date)) - season)).toBeLessThan(0.06);
  });

  it("is the sine to two thousandths on every day of a year", () => {
    for (let day = 0; day < 366; day += 1) {
      expect(Math.abs(seasonOf(day) - Math.sin((2 * Math.PI * (day - 79)) / 365.2422))).toBeLessThan(0.002);
    }
  });
});

describe("a forecast of the sun", () => {
  const from = "2024-04-01";
  const history = { kind: "generation", startUnixMs: dayOf(from) * DAY_MS, mtuMs: HOUR_MS } as const;
  const all = clearSun(from, 180);
  const forecast = forecastSeries({ ...history, values: all.subarray(0, 179 * 24) }, { horizonUnits: 24 });
  const actual = all.subarray(179 * 24);

  it("follows days that grow shorter where a mean of the last days stays behind", () => {
    const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);
    const meanOfWeek = total(all.subarray(172 * 24, 179 * 24)) / 7;
    const missed = Math.abs(total(forecast.expected) - total(actual));
    expect(missed).toBeLessThan(0.2 * Math.abs(meanOfWeek - total(actual)));
  });

  it("is zero at night, for certain", () => {
    for (const hour of [0, 1, 2, 22, 23]) {
      expect([forecast.lower[hour], forecast.expected[hour], forecast.upper[hour]]).toEqual([0, 0, 0]);
    }
  });

  it("says the same whatever the weekday", () => {
    const shifted = { ...history, startUnixMs: history.startUnixMs - 28 * DAY_MS };
    const holidays = ["2024-09-26", "2024-09-27"];
    const again = forecastSeries({ ...history, values: all.subarray(0, 179 * 24), holidays }, { horizonUnits: 24 });
    expect(again.expected).toEqual(forecast.expected);
    expect(forecastSeries({ ...shifted, values: all.subarray(0, 179 * 24) }, { horizonUnits: 24 }).flags).toEqual([]);
  });
});
