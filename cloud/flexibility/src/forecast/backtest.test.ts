import { describe, expect, it } from "vitest";
import { bestBacktest, dailyChangeW } from "./backtest.ts";
import { loadSeries } from "./load-series.ts";
import { FORECAST_RULES } from "./point-forecast.ts";

const HOUR_MS = 3_600_000;
/** 2024-01-01, a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

function hourly(days: number, powerAt: (hour: number, day: number) => number | null) {
  const powerW = Array.from({ length: 24 * days }, (_, unit) => powerAt(unit % 24, Math.floor(unit / 24)));
  return loadSeries({ startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, powerW }, 0);
}

const chosen = (series: ReturnType<typeof hourly>) => FORECAST_RULES[bestBacktest(series, 24).ruleIndex];

describe("bestBacktest", () => {
  it("finds that a factory works on weekdays only", () => {
    const factory = hourly(56, (hour, day) => (day % 7 < 5 && hour >= 6 && hour < 18 ? 5000 : 200));
    expect(bestBacktest(factory, 24).errorW).toBe(0);
    expect(["lastWeek", "weekdayMean", "sameTypeMean"]).toContain(chosen(factory)?.name);
  });

  it("finds that a drifting load is nearest to its last day", () => {
    const drifting = hourly(56, (_, day) => day * day * 10);
    expect(chosen(drifting)).toMatchObject({ name: "yesterday" });
  });

  it("prefers the plain combination when all rules are equal", () => {
    expect(chosen(hourly(20, () => 7))).toEqual({ name: "combination", isLevelCorrected: false });
  });

  it("gives residuals for each lead, and judges the newest origins only as far as values exist", () => {
    const { residualsW } = bestBacktest(
      hourly(56, () => 7),
      48,
    );
    expect(residualsW).toHaveLength(48);
    expect(residualsW[0]).toHaveLength(28);
    expect(residualsW[47]).toHaveLength(27);
  });

  it("has nothing to judge with a single day", () => {
    const single = bestBacktest(
      hourly(1, (hour) => hour),
      24,
    );
    expect(single.errorW).toBeNaN();
    expect(single.residualsW.flat()).toEqual([]);
    expect(FORECAST_RULES[single.ruleIndex]?.name).toBe("combination");
  });
});

describe("dailyChangeW", () => {
  it("is the mean absolute change from day to day, gaps left out", () => {
    expect(dailyChangeW(hourly(3, (hour, day) => (hour === 0 && day === 1 ? null : day * 10)))).toBe(10);
  });

  it("is null for a constant load and for a single day", () => {
    expect(dailyChangeW(hourly(5, () => 3))).toBeNull();
    expect(dailyChangeW(hourly(1, (hour) => hour))).toBeNull();
  });
});
