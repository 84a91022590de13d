import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { forecastLoad, type LoadForecast } from "./forecast-load.ts";
import type { LoadHistory } from "./load-series.ts";

const HOUR_MS = 3_600_000;
/** 2024-01-01, a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

function hourly(days: number, powerAt: (hour: number, day: number) => number | null): LoadHistory {
  const powerW = Array.from({ length: 24 * days }, (_, unit) => powerAt(unit % 24, Math.floor(unit / 24)));
  return { startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, powerW };
}

/** A household: a daily shape with noise from a fixed sequence, so that every run sees the same. */
function household(days: number): LoadHistory {
  let state = 1;
  const noise = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return hourly(days, (hour) => 1200 + 600 * Math.cos(((hour - 19) / 12) * Math.PI) + 500 * noise());
}

/** Forecasts each of the last four weeks' days from the days before it. */
function judgeDays() {
  const { powerW, ...rest } = household(70);
  const days = Array.from({ length: 28 }, (_, index) => 42 + index);
  return days.flatMap((day) => {
    const forecast = forecastLoad({ ...rest, powerW: powerW.slice(0, day * 24) }, { horizonUnits: 24 });
    return forecast.expectedW.map((expected, hour) => ({
      expected,
      p10: forecast.p10W[hour] ?? 0,
      p90: forecast.p90W[hour] ?? 0,
      actual: powerW[day * 24 + hour] ?? 0,
      naive: powerW[(day - 1) * 24 + hour] ?? 0,
    }));
  });
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function isUsable({ expectedW, p10W, p50W, p90W }: LoadForecast, horizonUnits: number): boolean {
  const arrays = [expectedW, p10W, p50W, p90W];
  return (
    arrays.every((each) => each.length === horizonUnits && each.every(Number.isSafeInteger)) &&
    p50W.every((value, lead) => value >= (p10W[lead] ?? 0) && value <= (p90W[lead] ?? 0))
  );
}

describe("forecastLoad", () => {
  it("starts where the history ends", () => {
    const forecast = forecastLoad(household(30), { horizonUnits: 24 });
    expect(forecast.startUnixMs).toBe(MONDAY_MS + 30 * 24 * HOUR_MS);
    expect(forecast.mtuMs).toBe(HOUR_MS);
  });

  it("beats repeating yesterday for a noisy household", () => {
    const judged = judgeDays();
    const errorW = sum(judged.map(({ actual, expected }) => Math.abs(actual - expected)));
    expect(errorW / sum(judged.map(({ actual, naive }) => Math.abs(actual - naive)))).toBeLessThan(0.85);
  });

  it("covers about 80 % of the actuals by its interval", () => {
    const judged = judgeDays();
    const share = judged.filter(({ actual, p10, p90 }) => actual >= p10 && actual <= p90).length / judged.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.9);
  });

  it("knows the weekend of a factory by the local clock", () => {
    const factory = hourly(28, (_, day) => (day % 7 < 5 ? 5000 : 200));
    const { expectedW, mase } = forecastLoad(
      { ...factory, powerW: factory.powerW.slice(0, -72) },
      { horizonUnits: 48 },
    );
    expect(expectedW.slice(0, 24)).toEqual(Array.from({ length: 24 }, () => 5000));
    expect(expectedW.slice(24)).toEqual(Array.from({ length: 24 }, () => 200));
    // The first origins of the backtest had not seen a weekend yet.
    expect(mase).toBeLessThan(0.3);
  });

  it("scales its backtest error by the daily change", () => {
    const { mase, flags } = forecastLoad(household(56), { horizonUnits: 24 });
    expect(mase).toBeGreaterThan(0.5);
    expect(mase).toBeLessThan(1);
    expect(flags).toEqual([]);
  });

  it("is the same for the same history", () => {
    expect(forecastLoad(household(40), { horizonUnits: 48 })).toEqual(
      forecastLoad(household(40), { horizonUnits: 48 }),
    );
  });

  it("answers 15-minute units when the unit is left out", () => {
    const powerW = Array.from({ length: 96 * 10 }, (_, unit) => unit % 96);
    const { expectedW, mtuMs } = forecastLoad({ startUnixMs: MONDAY_MS, powerW }, { horizonUnits: 192 });
    expect(mtuMs).toBe(900_000);
    expect(expectedW).toEqual(Array.from({ length: 192 }, (_, unit) => unit % 96));
  });
});

describe("a poor history still gives a usable forecast", () => {
  it.each([
    ["none at all", hourly(0, () => 1), ["no_history"], 0],
    ["only gaps", hourly(9, () => null), ["no_history"], 0],
    ["one day", hourly(1, () => 300), ["short_history", "no_backtest", "constant"], 300],
    ["three days", hourly(3, (hour) => 100 + hour), ["short_history"], 100],
    ["a constant", hourly(20, () => 250), ["constant"], 250],
    ["net export", hourly(20, () => -250), ["constant", "net_export"], -250],
    ["a fifth missing", hourly(20, (hour) => (hour < 5 ? null : 80)), ["gaps", "constant"], 80],
    ["its end missing", hourly(20, (hour, day) => (day === 19 && hour > 22 ? null : 80)), ["stale", "constant"], 80],
  ] satisfies [string, LoadHistory, string[], number][])("%s", (_, history, flags, firstW) => {
    const forecast = forecastLoad(history, { horizonUnits: 24 });
    expect(forecast.flags).toEqual(flags);
    expect(forecast.expectedW[0]).toBe(firstW);
    expect(isUsable(forecast, 24)).toBe(true);
  });

  it("never expects export from a device that never exported", () => {
    const spiky = hourly(30, (hour, day) => (hour === 12 && day % 3 === 0 ? 9000 : 0));
    const { p10W, expectedW } = forecastLoad(spiky, { horizonUnits: 48 });
    expect(Math.min(...p10W, ...expectedW)).toBeGreaterThanOrEqual(0);
  });

  it("whatever the values are", () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.integer({ min: -5000, max: 5000 }));
    const horizon = fc.integer({ min: 1, max: 48 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 24 * 12 }), horizon, (powerW, horizonUnits) => {
        const forecast = forecastLoad({ startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, powerW }, { horizonUnits });
        expect(isUsable(forecast, horizonUnits)).toBe(true);
      }),
    );
  });

  it("shifts with the level of the load", () => {
    const history = household(30);
    const shiftedW = history.powerW.map((value) => (value ?? 0) + 10_000);
    const plain = forecastLoad(history, { horizonUnits: 24 });
    const shifted = forecastLoad({ ...history, powerW: shiftedW }, { horizonUnits: 24 });
    for (const [lead, expectedW] of plain.expectedW.entries()) {
      expect(Math.abs((shifted.expectedW[lead] ?? 0) - expectedW - 10_000)).toBeLessThanOrEqual(1);
    }
  });
});

describe("the horizon", () => {
  it("reaches 48 hours and not one unit more", () => {
    expect(forecastLoad(household(9), { horizonUnits: 48 }).expectedW).toHaveLength(48);
    expect(() => forecastLoad(household(9), { horizonUnits: 49 })).toThrow(InvalidInputError);
  });

  it.each([0, -1, 1.5, Number.NaN])("rejects %d units", (horizonUnits) => {
    expect(() => forecastLoad(household(9), { horizonUnits })).toThrow(InvalidInputError);
  });
});
