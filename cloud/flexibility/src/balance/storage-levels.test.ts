import { describe, expect, it } from "vitest";
import { exchangedKwh, type StorageModel, storageLevels } from "./storage-levels.ts";

const lossless: StorageModel = { energyKwhMax: 6.4, powerKwMax: 5, efficiencyAt: () => 1, powerShareAt: () => 1 };
/** Loses most when it idles along. */
const curved: StorageModel = { ...lossless, efficiencyAt: (share) => 0.8 + 0.1 * share };

describe("storageLevels", () => {
  it("spans empty to full, and every change between them", () => {
    const { levelCount, levelKwh, exchangedKwh: table } = storageLevels(lossless, 1);
    expect((levelCount - 1) * levelKwh).toBeCloseTo(6.4, 12);
    expect(table).toHaveLength(2 * levelCount - 1);
    expect([table[0], table[levelCount - 1], table.at(-1)].map((kwh) => Math.round((kwh ?? 0) * 1e9) / 1e9)).toEqual([
      -6.4, 0, 6.4,
    ]);
  });

  it("takes more in than it stores, and gives less out than it loses", () => {
    const { levelCount, levelKwh, exchangedKwh: table } = storageLevels(curved, 1);
    expect(table[levelCount]).toBeGreaterThan(levelKwh);
    expect(-(table[levelCount - 2] ?? 0)).toBeLessThan(levelKwh);
  });

  it("narrows what passes where the maker says so", () => {
    const tapering = { ...lossless, powerShareAt: (fill: number) => (fill > 0.8 ? 0.25 : 1) };
    const { exchangedKwhMax } = storageLevels(tapering, 0.5);
    expect([exchangedKwhMax[0], exchangedKwhMax.at(-1)]).toEqual([2.5, 0.625]);
  });
});

describe("exchangedKwh", () => {
  it("holds the efficiency of the very power that passes", () => {
    const through = exchangedKwh(curved, 2, 1);
    expect(through * (0.8 + (0.1 * through) / 5)).toBeCloseTo(2, 4);
    const given = -exchangedKwh(curved, -2, 1);
    expect(given).toBeCloseTo(2 * (0.8 + (0.1 * given) / 5), 4);
  });

  it("is nothing for no change", () => {
    expect(exchangedKwh(curved, 0, 1)).toBe(0);
  });
});
