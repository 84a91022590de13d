import { describe, expect, it } from "vitest";
import { candidateForecasts } from "./candidates.ts";
import { combine } from "./combination.ts";
import { errorQuantiles } from "./prediction-interval.ts";
import { daySeries, type SeriesKind } from "./series-history.ts";

const HOUR_MS = 3_600_000;
/** 2024-01-01, a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

function hourly(days: number, valueAt: (hour: number, day: number) => number | null, kind: SeriesKind = "load") {
  const values = Array.from({ length: 24 * days }, (_, unit) => valueAt(unit % 24, Math.floor(unit / 24)));
  return daySeries({ kind, startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, values }, 24);
}

const combined = (series: ReturnType<typeof hourly>, daysAhead = 1) =>
  combine(series, candidateForecasts(series, daysAhead));
const lastDay = (values: Float64Array) => [...values.subarray(values.length - 24)];

describe("a combination", () => {
  it("is without error where one pattern is", () => {
    const factory = hourly(84, (hour, day) => (day % 7 < 5 && hour >= 6 && hour < 18 ? 5000 : 200));
    const monday = lastDay(combined(factory).values);
    expect(monday[3]).toBeCloseTo(200, -1);
    expect(Math.abs((monday[12] ?? 0) - 5000)).toBeLessThan(50);
  });

  it("is judged on the last four weeks only, each day from the days before", () => {
    const series = hourly(60, (hour) => hour);
    const { firstUnit, residuals, values } = combined(series);
    expect(firstUnit).toBe(32 * 24);
    expect(residuals).toHaveLength(28 * 24);
    expect(values).toHaveLength(29 * 24);
    expect(combined(series, 2).values).toHaveLength(30 * 24);
  });

  it("forecasts the past as it would have then", () => {
    const shape = (hour: number, day: number) => 50 + 20 * Math.sin(hour / 4) + ((day * 7919 + hour * 104_729) % 31);
    const whole = candidateForecasts(hourly(60, shape), 1);
    const truncated = candidateForecasts(hourly(59, shape), 1);
    const learnt = (list: typeof whole.list) => list.filter(({ isLearnt }) => isLearnt);
    expect(learnt(whole.list)).toHaveLength(3);
    learnt(truncated.list).forEach(({ values }, index) => {
      const later = learnt(whole.list)[index]?.values.subarray(27 * 24, 28 * 24) ?? [];
      expect([...values.subarray(28 * 24)]).toEqual([...later]);
    });
  });

  it("is never negative and is nothing where there never is anything, unless values have a sign", () => {
    const sun = (hour: number, day: number) => (hour > 6 && hour < 18 ? 100 + 90 * Math.sin(day * 9) : 0);
    const generation = lastDay(combined(hourly(60, sun, "generation")).values);
    expect(generation.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(Math.min(...generation)).toBe(0);
    const net = lastDay(combined(hourly(60, (hour, day) => -sun(hour, day), "net")).values);
    expect(Math.min(...net)).toBeLessThan(-50);
  });

  it("weighs all candidates alike when nothing can be judged", () => {
    const { values, residuals } = combined(hourly(1, (hour) => hour));
    expect(residuals).toHaveLength(0);
    expect(lastDay(values)[12]).toBeCloseTo(12, 0);
  });
});

describe("errorQuantiles", () => {
  const series = hourly(60, (hour) => hour);
  const withResiduals = (residualAt: (hour: number, day: number) => number) => ({
    firstUnit: 32 * 24,
    values: new Float64Array(29 * 24),
    residuals: Float64Array.from({ length: 28 * 24 }, (_, unit) => residualAt(unit % 24, Math.floor(unit / 24))),
  });

  it("gives each time of day its own spread, shared with the hours beside it", () => {
    const evening = withResiduals((hour, day) => (hour === 18 ? day - 14 : 0));
    const quantiles = errorQuantiles(evening, series);
    expect(quantiles[10]).toEqual({ lower: 0, median: 0, upper: 0 });
    expect(quantiles[18]?.upper).toBeGreaterThan(5);
    expect(quantiles[17]?.lower).toBeLessThan(-5);
  });

  it("takes the errors of all times where few are near, and the spread of the history without any", () => {
    // Every number below 28 once, in no order.
    const lone = withResiduals((hour, day) => (hour < 12 ? (day * 11) % 28 : Number.NaN));
    const quantiles = errorQuantiles(lone, series);
    expect(quantiles[15]).toEqual(quantiles[18]);
    expect(Math.abs((quantiles[15]?.median ?? 0) - 13.5)).toBeLessThan(2);
    const none = errorQuantiles({ ...lone, residuals: new Float64Array(0) }, series);
    expect(none[0]?.upper).toBeCloseTo(10.5, 0);
  });

  it("does not hold the edge of an uncertain hour for as uncertain as its middle", () => {
    const sizeAt = (hour: number) => (hour >= 12 && hour < 20 ? 10 : 1);
    const quantiles = errorQuantiles(
      withResiduals((hour, day) => (day % 2 === 0 ? sizeAt(hour) : -sizeAt(hour))),
      series,
    );
    expect(quantiles[15]?.upper).toBeCloseTo(10, 1);
    expect(quantiles[11]?.upper).toBeLessThan(7);
    expect(quantiles[9]?.upper).toBeCloseTo(1, 1);
  });

  it("weighs newer errors more", () => {
    const quantiles = errorQuantiles(
      withResiduals((_, day) => (day < 14 ? 10 : 1)),
      series,
    );
    expect(quantiles[12]?.median).toBe(1);
  });

  it("measures errors of the sun in parts of its forecast, and is certain of the night", () => {
    const sunAt = (hour: number) => (hour < 8 || hour > 16 ? 0 : hour === 8 ? 20 : 100);
    const values = Float64Array.from({ length: 29 * 24 }, (_, unit) => sunAt(unit % 24));
    const dimmed = { ...withResiduals((hour, day) => (sunAt(hour) * (day - 14)) / 28), values };
    const quantiles = errorQuantiles(dimmed, { ...series, isSunlit: true });
    expect(quantiles[7]).toEqual({ lower: 0, median: 0, upper: 0 });
    expect(quantiles[12]?.upper).toBeGreaterThan(35);
    expect(quantiles[8]?.upper).toBeCloseTo(0.2 * (quantiles[12]?.upper ?? 0), 0);
    const unscaled = errorQuantiles(dimmed, series);
    expect(unscaled[8]?.upper).toBeGreaterThan(2 * (quantiles[8]?.upper ?? 0));
  });
});
