import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { localClockOf } from "./local-clock.ts";
import { daySeries, HISTORY_DAYS_USED, type SeriesHistory } from "./series-history.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 2024-03-15, a Friday. */
const FRIDAY_MS = Date.UTC(2024, 2, 15);

const hourly = (values: (number | null)[], rest: Partial<SeriesHistory> = {}): SeriesHistory => ({
  kind: "load",
  startUnixMs: FRIDAY_MS,
  mtuMs: HOUR_MS,
  values,
  ...rest,
});
const hours = (count: number, valueAt: (hour: number) => number | null = (hour) => hour) =>
  Array.from({ length: count }, (_, hour) => valueAt(hour));

describe("daySeries", () => {
  it("turns everything that is no value into a gap", () => {
    const values = [1, null, Number.NaN, Number.POSITIVE_INFINITY, 2e12, 3, ...hours(18, () => 2)];
    expect([...daySeries(hourly(values), 1).values].slice(0, 6)).toEqual([1, NaN, NaN, NaN, NaN, 3]);
  });

  it("takes what no device reaches as a gap, and counts it", () => {
    const spiked = daySeries(hourly(hours(240, (hour) => (hour === 100 ? 1e9 : 500))), 1);
    expect(spiked.values[100]).toBeNaN();
    expect(spiked.refused).toEqual({ outliers: 1, negatives: 0, resets: 0 });
    const kettle = daySeries(hourly(hours(240, (hour) => (hour % 24 === 8 ? 3000 : 50))), 1);
    expect(kettle.refused.outliers).toBe(0);
  });

  it("takes negative values as gaps where there can be none, and keeps them where there can", () => {
    const values = hours(48, (hour) => (hour === 5 ? -3 : 4));
    expect(daySeries(hourly(values), 1).refused.negatives).toBe(1);
    expect(daySeries(hourly(values, { kind: "net" }), 1).values[5]).toBe(-3);
  });

  it("tells a register that started again from a meter that runs backwards", () => {
    const values = hours(240, (hour) => (hour === 50 ? -8e6 : hour === 60 ? -20 : 500));
    expect(daySeries(hourly(values), 1).refused).toEqual({ outliers: 0, negatives: 1, resets: 1 });
    expect(daySeries(hourly(values, { kind: "net" }), 1).refused).toEqual({ outliers: 1, negatives: 0, resets: 0 });
  });

  it("ends its days at the origin, and fills the first one up with gaps", () => {
    const series = daySeries(hourly(hours(30)), 3);
    expect(series.dayCount).toBe(2);
    expect([...series.values].slice(16, 20)).toEqual([NaN, NaN, 0, 1]);
    expect(series.originSlot).toBe(6);
    expect(series.horizonUnits).toEqual([0, 1, 2]);
  });

  it("knows weekdays of history and horizon by the local clock, and holidays as Sundays", () => {
    const midnights = ({ weekdays }: { weekdays: Uint8Array }) => [...weekdays].filter((_, unit) => unit % 24 === 0);
    expect(midnights(daySeries(hourly(hours(48)), 24))).toEqual([5, 6, 0]);
    expect(midnights(daySeries(hourly(hours(48), { holidays: ["2024-03-15"] }), 24))).toEqual([0, 6, 0]);
    const inAuckland = hourly(hours(48), { clock: localClockOf("Pacific/Auckland") });
    expect(daySeries(inAuckland, 24).weekdays[0]).toBe(5);
    expect(daySeries(inAuckland, 24).weekdays[11]).toBe(6);
    expect(daySeries(hourly(hours(24), { startUnixMs: Date.UTC(1969, 11, 27) }), 1).weekdays[0]).toBe(6);
  });

  it("keeps every local day at one length over clock changes", () => {
    const clock = localClockOf("Europe/Berlin");
    const spring = hourly(hours(23 + 24), { startUnixMs: Date.UTC(2024, 2, 30, 23), clock });
    expect([...daySeries(spring, 1).values].slice(0, 5)).toEqual([0, 1, NaN, 2, 3]);
    const autumn = hourly(hours(25 + 24), { startUnixMs: Date.UTC(2024, 9, 26, 22), clock });
    expect([...daySeries(autumn, 1).values].slice(0, 5)).toEqual([0, 1, 2.5, 4, 5]);
    expect(daySeries(hourly(hours(24), { startUnixMs: Date.UTC(2024, 9, 25, 22), clock }), 25).horizonUnits).toEqual([
      ...hours(3),
      ...hours(22, (hour) => hour + 2),
    ]);
  });

  it("lets the last value of a driver stand where it has a gap", () => {
    const drivers = [[null, 5, ...hours(22, () => null), 7]];
    expect([...(daySeries(hourly(hours(24), { drivers }), 1).drivers[0] ?? [])]).toEqual([...hours(24, () => 5), 7]);
  });

  it("keeps a history at the bound whole and the end of a longer one", () => {
    const daily = (count: number) => ({ ...hourly(hours(count)), mtuMs: DAY_MS });
    expect(daySeries(daily(HISTORY_DAYS_USED), 1).values).toHaveLength(HISTORY_DAYS_USED);
    const longer = daySeries(daily(HISTORY_DAYS_USED + 1), 1);
    expect(longer.values).toHaveLength(HISTORY_DAYS_USED);
    expect(longer.values[0]).toBe(1);
  });

  it.each([
    ["a unit that does not divide the day", { mtuMs: 7 * HOUR_MS }, 1],
    ["a unit of zero", { mtuMs: 0 }, 1],
    ["a fractional start", { startUnixMs: 0.5 }, 1],
    ["a horizon of zero", {}, 0],
    ["a horizon beyond two days", {}, 49],
    ["a fractional horizon", {}, 1.5],
    ["a driver that ends before the horizon", { drivers: [[1]] }, 1],
  ])("rejects %s", (_, change, horizon) => {
    expect(() => daySeries({ ...hourly([1]), ...change }, horizon)).toThrow(InvalidInputError);
  });
});
