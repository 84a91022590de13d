import { describe, expect, it } from "vitest";
import { expectedByMethodW, type ForecastMethodName, METHOD_NAMES, meanOf } from "./forecast-methods.ts";
import { loadSeries } from "./load-series.ts";

const DAY_MS = 86_400_000;
/** 2024-03-04, a Monday: with one unit a day, unit 28 is a Monday again. */
const MONDAY_MS = Date.UTC(2024, 2, 4);

function expected(method: ForecastMethodName, powerW: (number | null)[], { origin = 28, unit = 28 } = {}) {
  const series = loadSeries({ startUnixMs: MONDAY_MS, mtuMs: DAY_MS, powerW }, 0);
  return expectedByMethodW({ series, origin }, unit)[METHOD_NAMES.indexOf(method)];
}

/** Value = day number, 0 to 27. */
const rising = Array.from({ length: 28 }, (_, index) => index);

describe("the methods, one unit a day", () => {
  it.each([
    ["yesterday", 27],
    ["lastWeek", 21],
    ["dailyMean", 24],
    ["monthlyMean", 13.5],
    ["weekdayMean", 10.5],
    // The ten weekdays before: 14 to 18 and 21 to 25.
    ["sameTypeMean", 19.5],
    ["combination", (27 + 24 + 13.5 + 10.5 + 19.5) / 5],
  ] satisfies [ForecastMethodName, number][])("%s expects %d", (method, value) => {
    expect(expected(method, rising)).toBe(value);
  });

  it("take the next older day where one is missing", () => {
    const gappy = rising.map((value) => (value === 27 || value === 21 ? null : value));
    expect(expected("yesterday", gappy)).toBe(26);
    expect(expected("lastWeek", gappy)).toBe(14);
  });

  it("see nothing at or after the origin", () => {
    expect(expected("yesterday", rising, { origin: 20, unit: 22 })).toBe(19);
    expect(expected("lastWeek", rising, { origin: 20, unit: 27 })).toBe(13);
  });

  it("see nothing older than four weeks", () => {
    expect(expected("monthlyMean", [1000, ...rising], { origin: 29, unit: 29 })).toBe(13.5);
  });

  it("have no value without history", () => {
    expect(METHOD_NAMES.map((method) => expected(method, []))).toEqual(METHOD_NAMES.map(() => Number.NaN));
  });
});

describe("meanOf", () => {
  it("leaves out gaps and is a gap when nothing is left", () => {
    expect(meanOf([1, Number.NaN, 3])).toBe(2);
    expect(meanOf([Number.NaN])).toBeNaN();
    expect(meanOf([])).toBeNaN();
  });
});
