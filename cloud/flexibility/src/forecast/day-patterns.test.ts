import { describe, expect, it } from "vitest";
import { type PatternName, patternValues } from "./day-patterns.ts";
import { daySeries } from "./series-history.ts";

const HOUR_MS = 3_600_000;
/** 2024-01-01, a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

function hourly(days: number, valueAt: (hour: number, day: number) => number | null) {
  const values = Array.from({ length: 24 * days }, (_, unit) => valueAt(unit % 24, Math.floor(unit / 24)));
  return daySeries({ kind: "load", startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, values }, 48);
}

function patternAt(
  series: ReturnType<typeof hourly>,
  name: PatternName,
  { day, hour = 0, daysAhead = 1 }: { day: number; hour?: number; daysAhead?: number },
) {
  return patternValues(series, daysAhead).get(name)?.[day * 24 + hour] ?? Number.NaN;
}

describe("patternValues", () => {
  it("repeats a day that is always the same, in every pattern", () => {
    const series = hourly(30, (hour) => hour);
    for (const [, values] of patternValues(series, 1)) expect(values).toHaveLength(32 * 24);
    expect(patternAt(series, "any8", { day: 30, hour: 7 })).toBeCloseTo(7, 9);
    expect(patternAt(series, "median15", { day: 30, hour: 7 })).toBe(7);
    expect(patternAt(series, "week25", { day: 30, hour: 7 })).toBeCloseTo(7, 9);
  });

  it("tells working days from weekends, and weekdays from each other", () => {
    const series = hourly(56, (_, day) => (day % 7 < 5 ? 100 + (day % 7) : 10));
    expect(patternAt(series, "week25", { day: 56 })).toBeCloseTo(100, 9);
    expect(patternAt(series, "week25", { day: 54 })).toBeCloseTo(10, 9);
    expect(patternAt(series, "type15", { day: 54 })).toBeCloseTo(10, 9);
    expect(patternAt(series, "type15", { day: 56 })).toBeGreaterThan(100);
  });

  it("knows nothing of the days that it is ahead of", () => {
    const jump = hourly(20, (_, day) => (day < 19 ? 1 : 1000));
    expect(patternAt(jump, "yesterday", { day: 19 })).toBeCloseTo(1, 9);
    expect(patternAt(jump, "any8", { day: 20, daysAhead: 2 })).toBeCloseTo(1, 9);
    expect(patternAt(jump, "any8", { day: 20, daysAhead: 1 })).toBeGreaterThan(50);
    expect(patternAt(jump, "median7", { day: 20, daysAhead: 2 })).toBe(1);
  });

  it("ignores a single odd day in the median and not in the mean", () => {
    const odd = hourly(20, (_, day) => (day === 19 ? 900 : 100));
    expect(patternAt(odd, "median7", { day: 20 })).toBe(100);
    expect(patternAt(odd, "any4", { day: 20 })).toBeGreaterThan(150);
  });

  it("smooths over neighbours, across midnight", () => {
    const night = hourly(20, (hour) => (hour === 0 ? 24 : 0));
    expect(patternAt(night, "any8smooth", { day: 20, hour: 23 })).toBeGreaterThan(3);
    expect(patternAt(night, "any8", { day: 20, hour: 23 })).toBe(0);
  });

  it("falls back to broader patterns over gaps, to the level on the second day, and to zero on the first", () => {
    const series = hourly(9, (hour, day) => (day === 0 ? hour : null));
    expect(patternAt(series, "week10", { day: 8, hour: 5 })).toBeCloseTo(5, 9);
    expect(patternAt(series, "yesterday", { day: 5, hour: 5 })).toBeCloseTo(5, 9);
    expect(patternAt(series, "any8", { day: 0, hour: 5 })).toBe(0);
    expect(
      patternAt(
        hourly(2, (hour, day) => (day === 0 && hour < 2 ? 8 : null)),
        "any8",
        { day: 1, hour: 9 },
      ),
    ).toBe(8);
  });
});
