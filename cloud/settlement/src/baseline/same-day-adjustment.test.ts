import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absolute } from "../integer.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { type AdjustmentRule, adjustSameDay, DEFAULT_ADJUSTMENT } from "./same-day-adjustment.ts";

const additive: AdjustmentRule = { kind: "additive", capWh: 30n };

function adjust(actualWh: (bigint | null)[], rule = DEFAULT_ADJUSTMENT, expectedWh = [100n, 200n]) {
  return adjustSameDay({
    baselineWh: [1000n, -50n, 0n],
    adjustmentBaselineWh: expectedWh,
    adjustmentActualWh: actualWh,
    rule,
  });
}

describe("multiplicative adjustment", () => {
  it("scales by actual over baseline of the window", () => {
    expect(adjust([130n, 200n])).toEqual({ baselineWh: [1100n, -55n, 0n], isAdjusted: true });
  });

  it("keeps a ratio exact that has no per-mille value", () => {
    expect(adjust([100n, 201n]).baselineWh).toEqual([1003n, -50n, 0n]);
  });

  it.each([
    ["at the ceiling", [160n, 200n], 1200n],
    ["beyond the ceiling", [900n, 200n], 1200n],
    ["at the floor", [40n, 200n], 800n],
    ["below the floor", [0n, 0n], 800n],
    ["with net export in the window", [-500n, 0n], 800n],
  ])("holds the ratio %s", (_, actualWh, firstWh) => {
    expect(adjust(actualWh).baselineWh[0]).toBe(firstWh);
  });

  it("never leaves the caps", () => {
    const energyWh = fc.bigInt({ min: -10_000n, max: 10_000n });
    fc.assert(
      fc.property(energyWh, fc.bigInt({ min: 1n, max: 10_000n }), energyWh, (actualWh, expectedWh, baselineWh) => {
        const adjusted = adjustSameDay({
          baselineWh: [baselineWh],
          adjustmentBaselineWh: [expectedWh],
          adjustmentActualWh: [actualWh],
          rule: DEFAULT_ADJUSTMENT,
        });
        const difference = absolute((adjusted.baselineWh[0] ?? 0n) - baselineWh);
        // Half a Wh of rounding, in per-mille: 500.
        expect(difference * 1000n <= absolute(baselineWh) * 200n + 500n).toBe(true);
      }),
    );
  });
});

describe("additive adjustment", () => {
  it("shifts every unit by the mean difference of the window", () => {
    expect(adjust([110n, 225n], additive).baselineWh).toEqual([1018n, -32n, 18n]);
  });

  it.each([
    ["up", [900n, 200n], 30n],
    ["down", [-900n, 200n], -30n],
  ])("holds the shift %s at the cap", (_, actualWh, shiftWh) => {
    expect(adjust(actualWh, additive).baselineWh[2]).toBe(shiftWh);
  });

  it("works where the window's baseline is export", () => {
    expect(adjust([-90n], additive, [-100n])).toEqual({ baselineWh: [1010n, -40n, 10n], isAdjusted: true });
  });
});

describe("a window that carries no correction", () => {
  const unchanged = { baselineWh: [1000n, -50n, 0n], isAdjusted: false };

  it.each([
    ["a unit without reading", [130n, null], DEFAULT_ADJUSTMENT, [100n, 200n]],
    ["no unit at all", [], additive, []],
    ["a ratio to nothing", [130n], DEFAULT_ADJUSTMENT, [0n]],
    ["a ratio to export", [130n], DEFAULT_ADJUSTMENT, [-5n]],
  ] satisfies [string, (bigint | null)[], AdjustmentRule, bigint[]][])(
    "leaves the baseline alone: %s",
    (_, actualWh, rule, expectedWh) => {
      expect(adjust(actualWh, rule, expectedWh)).toEqual(unchanged);
    },
  );
});

describe("input faults", () => {
  it.each([
    ["windows of different length", () => adjust([1n])],
    [
      "a floor above one",
      () => adjust([1n, 1n], { kind: "multiplicative", floorPerMille: 1001n, ceilingPerMille: 1200n }),
    ],
    [
      "a ceiling below one",
      () => adjust([1n, 1n], { kind: "multiplicative", floorPerMille: 800n, ceilingPerMille: 999n }),
    ],
    [
      "a negative floor",
      () => adjust([1n, 1n], { kind: "multiplicative", floorPerMille: -1n, ceilingPerMille: 1200n }),
    ],
    ["a negative cap", () => adjust([1n, 1n], { kind: "additive", capWh: -1n })],
  ])("rejects %s", (_, call) => {
    expect(call).toThrow(InvalidTermsError);
  });
});
