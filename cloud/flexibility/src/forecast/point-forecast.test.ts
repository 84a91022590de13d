import { describe, expect, it } from "vitest";
import { loadSeries } from "./load-series.ts";
import { FORECAST_RULES, pointForecasts } from "./point-forecast.ts";

const HOUR_MS = 3_600_000;

function yesterday(powerW: (number | null)[], horizonUnits: number, isLevelCorrected: boolean): number[] {
  const series = loadSeries({ startUnixMs: 0, mtuMs: HOUR_MS, powerW }, 0);
  const index = FORECAST_RULES.findIndex((r) => r.name === "yesterday" && r.isLevelCorrected === isLevelCorrected);
  return Array.from(pointForecasts({ series, origin: powerW.length }, horizonUnits)[index] ?? []);
}

/** Two days of 100 W, then four hours of 140 W. */
const raised = [...Array.from({ length: 48 }, () => 100), 140, 140, 140, 140];

describe("pointForecasts", () => {
  it("adds the recent error to a corrected rule, fading within four hours", () => {
    expect(yesterday(raised, 6, false)).toEqual([100, 100, 100, 100, 100, 100]);
    expect(yesterday(raised, 6, true)).toEqual([130, 120, 110, 100, 100, 100]);
  });

  it("corrects nothing when the recent values are missing", () => {
    const stale = [...raised.slice(0, 48), null, null, null, null];
    expect(yesterday(stale, 2, true)).toEqual([100, 100]);
  });

  it("falls back to the level of the last day, then of everything, then to zero", () => {
    expect(yesterday([4, 6], 3, false)).toEqual([5, 5, 5]);
    const longAgo = [8, ...Array.from({ length: 24 * 40 }, () => null)];
    expect(yesterday(longAgo, 2, false)).toEqual([8, 8]);
    expect(yesterday([], 2, true)).toEqual([0, 0]);
  });
});
