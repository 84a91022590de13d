import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { forecastSeries, type SeriesForecast } from "./forecast-series.ts";
import { localClockOf } from "./local-clock.ts";
import { INTERVAL_COVERAGE } from "./prediction-interval.ts";
import type { SeriesHistory } from "./series-history.ts";

const HOUR_MS = 3_600_000;
/** 2024-01-01, a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);

function hourly(days: number, valueAt: (hour: number, day: number) => number | null): SeriesHistory {
  const values = Array.from({ length: 24 * days }, (_, unit) => valueAt(unit % 24, Math.floor(unit / 24)));
  return { kind: "load", startUnixMs: MONDAY_MS, mtuMs: HOUR_MS, values };
}

/** A noise of -0.5..0.5 from a fixed sequence, so that every run sees the same. */
function noiseSequence() {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

function household(days: number): SeriesHistory {
  const noise = noiseSequence();
  return hourly(days, (hour) => 1200 + 600 * Math.cos(((hour - 19) / 12) * Math.PI) + 500 * noise());
}

function isUsable({ expected, lower, median, upper }: SeriesForecast, horizonUnits: number): boolean {
  const arrays = [expected, lower, median, upper];
  const isOrdered = median.every((value, lead) => value >= (lower[lead] ?? 0) && value <= (upper[lead] ?? 0));
  return isOrdered && arrays.every((each) => each.length === horizonUnits && each.every(Number.isFinite));
}

const day = { horizonUnits: 24 };

describe("forecastSeries", () => {
  it("starts where the history ends, and repeats what always was", () => {
    const forecast = forecastSeries(
      hourly(40, (hour) => hour),
      { horizonUnits: 48 },
    );
    expect(forecast.startUnixMs).toBe(MONDAY_MS + 40 * 24 * HOUR_MS);
    expect(forecast.expected.map(Math.round)).toEqual([...Array(48).keys()].map((hour) => hour % 24));
    expect(forecast.flags).toEqual([]);
  });

  it("beats repeating yesterday for a noisy household, and its interval holds what it says", () => {
    const { values, ...rest } = household(84);
    const judged = Array.from({ length: 28 }, (_, index) => {
      const end = (56 + index) * 24;
      const { expected, lower, upper } = forecastSeries({ ...rest, values: Array.from(values).slice(0, end) }, day);
      return expected.map((value, hour) => {
        const actual = values[end + hour] ?? 0;
        const isCovered = actual >= (lower[hour] ?? 0) && actual <= (upper[hour] ?? 0);
        return { error: Math.abs(value - actual), naive: Math.abs((values[end + hour - 24] ?? 0) - actual), isCovered };
      });
    }).flat();
    const sum = (of: (each: (typeof judged)[number]) => number) => judged.reduce((total, each) => total + of(each), 0);
    expect(sum(({ error }) => error)).toBeLessThan(0.85 * sum(({ naive }) => naive));
    const coverage = sum(({ isCovered }) => (isCovered ? 1 : 0)) / judged.length;
    expect(Math.abs(coverage - INTERVAL_COVERAGE)).toBeLessThan(0.05);
  });

  it("learns what a driver does", () => {
    const noise = noiseSequence();
    const temperature = Array.from(
      { length: 91 * 24 },
      (_, unit) => 10 + 8 * Math.sin(Math.floor(unit / 24) * Math.floor(unit / 24)),
    );
    const heated = hourly(90, (hour, at) => 500 + 20 * hour + 60 * (18 - (temperature[at * 24 + hour] ?? 0)) + noise());
    const actual = 500 + 60 * (18 - (temperature[90 * 24] ?? 0));
    const blind = forecastSeries(heated, day).expected[0] ?? 0;
    const informed = forecastSeries({ ...heated, drivers: [temperature] }, day).expected[0] ?? 0;
    expect(Math.abs(informed - actual)).toBeLessThan(0.5 * Math.abs(blind - actual));
  });

  it("takes a holiday for a Sunday", () => {
    const office = hourly(63, (_, at) => (at % 7 < 5 ? 900 : 100));
    expect(forecastSeries(office, day).expected[12]).toBeGreaterThan(800);
    expect(forecastSeries({ ...office, holidays: ["2024-03-04"] }, day).expected[12]).toBeLessThan(200);
  });

  it("keeps to the clock on the wall over a change of clocks", () => {
    const clock = localClockOf("Europe/Berlin");
    const localMidnight = Date.UTC(2024, 1, 24, 23);
    const localHour = (unit: number) => {
      const unixMs = localMidnight + unit * HOUR_MS;
      return ((unixMs + clock.utcOffsetMsAt(unixMs)) / HOUR_MS) % 24;
    };
    const values = Array.from({ length: 35 * 24 }, (_, unit) => (localHour(unit) === 7 ? 2000 : 100));
    const forecast = forecastSeries(
      { kind: "load", startUnixMs: localMidnight, mtuMs: HOUR_MS, values, clock },
      { horizonUnits: 47 },
    );
    const breakfasts = forecast.expected.flatMap((value, lead) => (value > 1500 ? [lead] : []));
    expect(breakfasts).toEqual([6, 30]);
  });

  it("leans on the typical day while it knows little, and not any more after a week", () => {
    const typicalDay = Array.from({ length: 24 }, (_, hour) => (hour === 20 ? 3000 : 300));
    const evening = (days: number) =>
      forecastSeries(
        hourly(days, () => 300),
        { ...day, typicalDay },
      ).expected[20] ?? 0;
    expect(evening(0)).toBe(3000);
    expect(evening(1)).toBeGreaterThan(2000);
    expect(evening(4)).toBeLessThan(evening(1));
    expect(evening(7)).toBeCloseTo(300, 6);
  });

  it("says the error of its backtest against repeating the day before", () => {
    expect(forecastSeries(household(60), day).mase).toBeLessThan(0.85);
    expect(forecastSeries(household(1), day).mase).toBeNull();
  });
});

describe("a forecast from poor data", () => {
  it.each<[string, SeriesHistory, string[]]>([
    ["nothing", hourly(0, () => 0), ["no_history", "short_history", "nothing_learnt", "stale"]],
    ["gaps only", hourly(30, () => null), ["no_history", "gaps", "stale"]],
    ["one day", household(1), ["short_history", "nothing_learnt"]],
    ["a constant", hourly(30, () => 70), ["constant"]],
    ["gaps", hourly(40, (hour, at) => (at % 3 === 0 ? null : hour)), ["gaps", "stale"]],
    ["a meter that says NaN", hourly(40, (hour, at) => (at === 20 ? Number.NaN : hour)), []],
    [
      "a meter that read 10^6 kW once",
      hourly(40, (hour, at) => (at === 39 && hour === 5 ? 1e9 : 300 + hour)),
      ["outliers"],
    ],
    ["an outlier of a gigawatt", hourly(40, (hour, at) => (at === 39 && hour === 5 ? 1e9 : hour)), ["outliers"]],
    ["negative values", hourly(40, (hour, at) => (at === 30 ? -hour - 1 : hour)), ["negatives"]],
    ["a register reset", hourly(40, (hour, at) => (at === 30 && hour === 4 ? -7e6 : 200 + hour)), ["register_reset"]],
    ["a clock set by two hours", hourly(40, (hour, at) => (hour === (at < 33 ? 7 : 9) ? 900 : 100)), ["clock_step"]],
    ["an unfinished day", hourly(0.25, (hour) => hour), ["short_history", "nothing_learnt", "gaps"]],
  ])("of %s is usable and says so", (_, history, flags) => {
    const forecast = forecastSeries(history, day);
    expect(isUsable(forecast, 24)).toBe(true);
    expect(forecast.flags).toEqual(flags);
  });

  it("does not follow a single outlier", () => {
    const spiked = hourly(40, (hour, at) => (at === 39 && hour === 5 ? 1e9 : 100));
    expect(Math.max(...forecastSeries(spiked, day).upper)).toBeLessThan(200);
  });

  it("is usable whatever the values are", () => {
    const anything = fc.array(fc.oneof(fc.double(), fc.constant(null), fc.integer({ min: -5, max: 5 })), {
      maxLength: 400,
    });
    const kinds = fc.constantFrom("load", "generation", "net", "price", "flexibility");
    fc.assert(
      fc.property(anything, kinds, (values, kind) => {
        const forecast = forecastSeries(
          { kind, startUnixMs: MONDAY_MS, mtuMs: 6 * HOUR_MS, values },
          { horizonUnits: 8 },
        );
        expect(isUsable(forecast, 8)).toBe(true);
      }),
      { numRuns: 60, seed: 20_260_401 },
    );
  });

  it("rejects what is no question", () => {
    expect(() => forecastSeries(household(3), { horizonUnits: 0 })).toThrow(InvalidInputError);
    expect(() => forecastSeries({ ...household(3), mtuMs: 7 }, day)).toThrow(InvalidInputError);
  });
});
