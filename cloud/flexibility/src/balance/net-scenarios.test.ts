import { describe, expect, it } from "vitest";
import { netScenarios } from "./net-scenarios.ts";

const options = { dayLength: 24, days: 3 };
const hours = (count: number, valueAt: (hour: number, day: number) => number) =>
  Array.from({ length: count }, (_, step) => valueAt(step % 24, Math.floor(step / 24)));
const dark = (count: number) => new Array<number>(count).fill(0);

describe("netScenarios", () => {
  it("has one scenario for each day that is looked back on", () => {
    const loadKwh = hours(5 * 24, (hour) => hour);
    const scenarios = netScenarios({ loadKwh, generatedKwh: dark(loadKwh.length) }, 4, options);
    expect(scenarios).toEqual([0, 1, 2, 3].map((hour) => [hour, hour, hour]));
  });

  it("moves them to where the member is now, less and less", () => {
    const loadKwh = [...hours(4 * 24, () => 1), 3];
    const scenarios = netScenarios({ loadKwh, generatedKwh: dark(loadKwh.length) }, 3, options);
    expect(scenarios.map(([first]) => first)).toEqual([2, 1.5, 1.25]);
  });

  it("keeps a cloud for hours, and the night dark", () => {
    const sunAt = (hour: number) => (hour >= 8 && hour <= 14 ? 4 : 0);
    const generatedKwh = hours(4 * 24 + 13, (hour, day) => (day === 4 ? sunAt(hour) / 4 : sunAt(hour)));
    const scenarios = netScenarios({ loadKwh: dark(generatedKwh.length), generatedKwh }, 4, options);
    expect(scenarios[0]?.[0]).toBeCloseTo(-(4 - 0.85 * 3), 9);
    expect(scenarios[1]?.[0]).toBeCloseTo(-(4 - 0.85 * 0.85 * 3), 9);
    expect(scenarios.slice(2)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("never lets a load become generation", () => {
    const loadKwh = [...hours(4 * 24, (hour) => (hour === 0 ? 5 : 0.1)), 0];
    for (const step of netScenarios({ loadKwh, generatedKwh: dark(loadKwh.length) }, 5, options)) {
      expect(Math.min(...step)).toBeGreaterThanOrEqual(0);
    }
  });

  it("lets everything stay as it is without a day of history", () => {
    expect(netScenarios({ loadKwh: [2, 3], generatedKwh: [0, 1] }, 2, options)).toEqual([[2], [2]]);
    expect(netScenarios({ loadKwh: [], generatedKwh: [] }, 1, options)).toEqual([[0]]);
  });
});
