import { describe, expect, it } from "vitest";
import { FLEET_START_UNIX_MS } from "./load-fleet.ts";
import { loadScenario } from "./scenario-series.ts";

const HOUR_MS = 3_600_000;
const THREE_WEEKS_MS = 21 * 24 * HOUR_MS;

describe("the surroundings of the demonstration", () => {
  const { priceMicroPerWh, carbonGramPerKwh, temperatureC } = loadScenario();

  it("are the published values of their first hour", () => {
    expect(priceMicroPerWh.at(FLEET_START_UNIX_MS)).toBe(210);
    expect(temperatureC.at(FLEET_START_UNIX_MS)).toBe(8.3);
    expect(carbonGramPerKwh.at(FLEET_START_UNIX_MS + HOUR_MS)).toBe(178);
  });

  it("stay the same within an hour, and repeat after three weeks, before the first one too", () => {
    for (const series of [priceMicroPerWh, carbonGramPerKwh, temperatureC]) {
      for (const hour of [0, 17, 503]) {
        const at = FLEET_START_UNIX_MS + hour * HOUR_MS;
        expect(series.at(at + HOUR_MS - 1)).toBe(series.at(at));
        expect(series.at(at + THREE_WEEKS_MS)).toBe(series.at(at));
        expect(series.at(at - THREE_WEEKS_MS)).toBe(series.at(at));
      }
    }
  });
});
