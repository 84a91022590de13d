import { FORECAST_MODEL_VERSION } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { forecastOutlook, type HourlySeries } from "./forecast-outlook.ts";

const HOUR_MS = 3_600_000;
const MONDAY = Date.UTC(2016, 0, 11);
const DAYS = 14;
const NOW = MONDAY + DAYS * 24 * HOUR_MS;

/** Two weeks of hours as a function of the hour of the day, and further hours when they are published ahead. */
function series(valueAt: (hour: number) => number | null, hoursAhead = 0): HourlySeries {
  const count = DAYS * 24 + hoursAhead;
  return { startUnixMs: MONDAY, values: Array.from({ length: count }, (_, hour) => valueAt(hour % 24)) };
}

const evening = (hour: number) => (hour >= 17 && hour < 21 ? 200 : 80);
const sunny = (hour: number) => (hour >= 9 && hour < 16 ? 150 : 400);

function quarters(fromHour: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    startUnixMs: NOW + fromHour * HOUR_MS + index * 900_000,
    endUnixMs: NOW + fromHour * HOUR_MS + (index + 1) * 900_000,
  }));
}

describe("the outlook on price and carbon", () => {
  it("forecasts both for the intervals of an event and the two hours after it", () => {
    const known = { priceMicroPerWh: series(evening), carbonGramPerKwh: series(sunny) };
    const outlook = forecastOutlook(quarters(15, 8), known);
    // From 15:00 to 17:00, and after it from 17:00 to 19:00.
    expect(outlook?.priceMicroPerWh.map(Number).every((price) => Math.abs(price - 80) <= 8)).toBe(true);
    expect(Math.abs(Number(outlook?.priceAfterMicroPerWh) - 200)).toBeLessThanOrEqual(20);
    expect(Math.abs((outlook?.carbonGramPerKwh[0] ?? 0) - 150)).toBeLessThanOrEqual(15);
    expect(Math.abs((outlook?.carbonGramPerKwh[7] ?? 0) - 400)).toBeLessThanOrEqual(40);
  });

  it("takes what is published as it is, and says until when that was", () => {
    const priceMicroPerWh = series((hour) => hour * 10, 24);
    const outlook = forecastOutlook(quarters(3, 4), { priceMicroPerWh, carbonGramPerKwh: series(sunny) });
    expect(outlook?.priceMicroPerWh).toEqual([30n, 30n, 30n, 30n]);
    expect(outlook?.priceAfterMicroPerWh).toBe(45n);
    expect(outlook?.known).toMatchObject({
      priceUntilUnixMs: NOW + 24 * HOUR_MS,
      carbonUntilUnixMs: NOW,
      modelVersion: FORECAST_MODEL_VERSION,
      inputHashHex: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("weighs hours by how much of them lies in an interval, and fills a gap with the hour before", () => {
    const priceMicroPerWh = series((hour) => (hour === 4 ? null : hour * 10), 24);
    const across = [{ startUnixMs: NOW + 2.75 * HOUR_MS, endUnixMs: NOW + 3.25 * HOUR_MS }];
    const known = { priceMicroPerWh, carbonGramPerKwh: series(sunny) };
    expect(forecastOutlook(across, known)?.priceMicroPerWh).toEqual([25n]);
    expect(forecastOutlook(quarters(4, 1), known)?.priceMicroPerWh).toEqual([30n]);
  });

  it("keeps negative prices, and no negative carbon", () => {
    const known = { priceMicroPerWh: series(() => -20, 24), carbonGramPerKwh: series(() => 0) };
    expect(forecastOutlook(quarters(3, 1), known)).toMatchObject({ priceMicroPerWh: [-20n], carbonGramPerKwh: [0] });
  });

  it.each([
    ["nothing is known of the price", { priceMicroPerWh: series(() => null), carbonGramPerKwh: series(sunny) }, 3],
    [
      "the event is farther away than anyone can see",
      { priceMicroPerWh: series(evening), carbonGramPerKwh: series(sunny) },
      60,
    ],
  ])("is none where %s", (_, known, hours) => {
    expect(forecastOutlook(quarters(hours, 4), known)).toBeNull();
  });
});
