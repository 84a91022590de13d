import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PowerSeries, WATT_MS_PER_WH } from "./power-series.ts";

const series = new PowerSeries({ startUnixMs: 1_000, stepMs: 100, valuesW: [5n, 0n, 20n] });

describe("PowerSeries", () => {
  it("shows the power of the step that contains the instant, its start included", () => {
    expect([1_000, 1_099, 1_100, 1_250].map((at) => series.powerWAt(at))).toEqual([5n, 5n, 0n, 20n]);
  });

  it("repeats itself after its last step and before its first", () => {
    expect([1_300, 1_550, 999, 850].map((at) => series.powerWAt(at))).toEqual([5n, 20n, 20n, 0n]);
  });

  it("gives the same energy as adding up every millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 900 }), (fromUnixMs, lengthMs) => {
        let sum = 0n;
        for (let at = fromUnixMs; at < fromUnixMs + lengthMs; at++) sum += series.powerWAt(at);
        expect(series.energyWattMs(fromUnixMs, fromUnixMs + lengthMs)).toBe(sum);
      }),
    );
  });

  it("refuses an interval that ends before it starts", () => {
    expect(() => series.energyWattMs(2_000, 1_999)).toThrow("ends after it starts");
  });

  it("splits into a share and the rest without losing a watt", () => {
    const share = series.scaled(333n);
    const rest = series.minus(share);
    for (const at of [1_000, 1_100, 1_200]) expect(share.powerWAt(at) + rest.powerWAt(at)).toBe(series.powerWAt(at));
    expect(share.maxW()).toBe(6n);
  });

  it("counts one watt-hour as 1 W for one hour", () => {
    expect(PowerSeries.constant(1n).energyWattMs(7, 3_600_007)).toBe(WATT_MS_PER_WH);
  });
});
