import { describe, expect, it } from "vitest";
import { ReplayedMeter } from "./replayed-meter.ts";

const MINUTE = 60_000;

describe("ReplayedMeter", () => {
  const meter = new ReplayedMeter([60, 120], MINUTE);
  const value = (startUnixMs: number, endUnixMs: number) => meter.sample({ rId: "R", startUnixMs, endUnixMs }).value;

  it("adds up energy over the steps of its series, again and again", () => {
    expect([
      value(0, MINUTE),
      value(MINUTE, 2 * MINUTE),
      value(0, 4 * MINUTE),
      value(MINUTE / 2, 1.5 * MINUTE),
    ]).toEqual([1, 2, 6, 1.5]);
  });

  it("gives the power of a moment", () => {
    expect([value(0, 0), value(MINUTE, MINUTE)]).toEqual([60, 120]);
  });

  it("refuses a series without values", () => {
    expect(() => new ReplayedMeter([])).toThrow("series");
  });
});
