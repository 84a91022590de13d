import { describe, expect, it } from "vitest";
import { marketKnowledge, temperatureC } from "./scenario.ts";

const HOUR_MS = 3_600_000;
const DAY = Date.UTC(2016, 0, 28);

describe("what is known of the demonstration's market", () => {
  it("is carbon up to the last whole hour, and prices until midnight", () => {
    const { priceMicroPerWh, carbonGramPerKwh } = marketKnowledge(DAY + 9.5 * HOUR_MS);
    expect(carbonGramPerKwh.values).toHaveLength(21 * 24 + 9);
    expect(priceMicroPerWh.values).toHaveLength(22 * 24);
    expect(priceMicroPerWh.startUnixMs).toBe(DAY - 21 * 24 * HOUR_MS);
  });

  it("is the prices of the next day from one o'clock on, and not before", () => {
    const hoursAt = (nowUnixMs: number) => marketKnowledge(nowUnixMs).priceMicroPerWh.values.length;
    expect(hoursAt(DAY + 13 * HOUR_MS - 1)).toBe(22 * 24);
    expect(hoursAt(DAY + 13 * HOUR_MS)).toBe(23 * 24);
  });
});

describe("the weather of the demonstration", () => {
  it("is a temperature that the place knows in winter", () => {
    const temperatures = Array.from({ length: 24 }, (_, hour) =>
      temperatureC(DAY + hour * HOUR_MS, DAY + (hour + 1) * HOUR_MS),
    );
    expect(temperatures.every((each) => each > -20 && each < 40)).toBe(true);
    expect(new Set(temperatures).size).toBeGreaterThan(5);
  });
});
