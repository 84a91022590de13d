import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { HISTORY_DAYS_USED, loadSeries } from "./load-series.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 2024-03-15, a Friday. */
const FRIDAY_MS = Date.UTC(2024, 2, 15);

describe("loadSeries", () => {
  it("turns everything that is no power into a gap", () => {
    const values = [1, null, Number.NaN, Number.POSITIVE_INFINITY, 2e12, -1e12];
    const { powerW } = loadSeries({ startUnixMs: 0, powerW: values }, 0);
    expect(Array.from(powerW)).toEqual([1, Number.NaN, Number.NaN, Number.NaN, Number.NaN, -1e12]);
  });

  it("knows the weekend of past and future units by the local clock", () => {
    const history = { startUnixMs: FRIDAY_MS, mtuMs: 12 * HOUR_MS, powerW: [1, 2] };
    expect(Array.from(loadSeries(history, 0).isWeekend)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(Array.from(loadSeries(history, 12 * HOUR_MS).isWeekend)).toEqual([0, 1, 1, 1, 1, 0]);
  });

  it("knows the weekend before 1970", () => {
    const history = { startUnixMs: Date.UTC(1969, 11, 26), mtuMs: DAY_MS, powerW: [1, 1, 1, 1] };
    expect(Array.from(loadSeries(history, 0).isWeekend)).toEqual([0, 1, 1, 0, 0, 0]);
  });

  it("keeps a history at the bound whole and the end of a longer one, with its weekends", () => {
    const powerW = Array.from({ length: HISTORY_DAYS_USED }, (_, index) => index);
    const history = { startUnixMs: FRIDAY_MS, mtuMs: DAY_MS, powerW };
    expect(loadSeries(history, 0).powerW).toHaveLength(HISTORY_DAYS_USED);
    const longer = loadSeries({ ...history, startUnixMs: FRIDAY_MS - DAY_MS, powerW: [-1, ...powerW] }, 0);
    expect(longer).toEqual(loadSeries(history, 0));
  });

  it.each([
    ["a unit that does not divide the day", { startUnixMs: 0, mtuMs: 7 * HOUR_MS, powerW: [] }],
    ["a unit of zero", { startUnixMs: 0, mtuMs: 0, powerW: [] }],
    ["a fractional start", { startUnixMs: 0.5, powerW: [] }],
  ])("rejects %s", (_, history) => {
    expect(() => loadSeries(history, 0)).toThrow(InvalidInputError);
  });
});
