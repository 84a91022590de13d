import { cell, readTable } from "./csv.ts";

const HOUR_MS = 3_600_000;

/** An hourly series that repeats itself for ever; its span is three whole weeks, so days of the week stay true. */
export type HourlyCycle = {
  /** The value of the hour that contains an instant. */
  at(unixMs: number): number;
};

/** What the surroundings of the demonstration are like: the market, the grid's carbon and the weather. */
export type ScenarioSeries = {
  /** Price of energy by a time-of-use tariff, micro-currency per Wh. */
  priceMicroPerWh: HourlyCycle;
  carbonGramPerKwh: HourlyCycle;
  temperatureC: HourlyCycle;
};

/** Replayed from the extracts in `data/`. */
export function loadScenario(): ScenarioSeries {
  return {
    priceMicroPerWh: cycle("price_micro_per_wh", 1),
    carbonGramPerKwh: cycle("carbon_g_per_kwh", 1),
    temperatureC: cycle("temp_deci_c", 10),
  };
}

function cycle(column: string, divisor: number): HourlyCycle {
  const rows = readTable("homes/conditions.csv");
  const startUnixMs = Date.parse(`${rows[0] === undefined ? "" : cell(rows[0], "ts")}Z`);
  const values = rows.map((row) => Number(cell(row, column)) / divisor);
  return {
    at(unixMs) {
      const hour = Math.floor((unixMs - startUnixMs) / HOUR_MS) % values.length;
      return values[hour < 0 ? hour + values.length : hour] ?? 0;
    },
  };
}
