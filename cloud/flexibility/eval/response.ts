/**
 * Response of real households to price events (Low Carbon London): what the forecast predicts before each event,
 * against what was measured. The forecast of the event's day is made twice at the midnight before, with the event's
 * price and with the normal one; their difference is the predicted response, and the second one is what the day is
 * measured by.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { forecastSeries } from "../src/index.ts";
import type { EvalReport } from "./eval-report.ts";
import { readSeriesTable, type SeriesTable } from "./series-table.ts";

const DAY_MS = 86_400_000;
/** GBP/kWh outside events, and before the trial. */
const NORMAL_PRICE = 0.1176;
/** Events that the model has seen before it is judged: without any it cannot know what a price does. */
const EVENTS_BEFORE = 10;
/** Two standard errors of the measured mean are the measured uncertainty. */
const STANDARD_ERRORS = 2;

const GROUPS = [
  { name: "all homes", column: "mean_kwh" },
  { name: "flexible cluster", column: "mean_flex_kwh" },
] as const;

type PriceEvent = { readonly tariff: string; readonly from: number; readonly to: number };

/** Rows for high and low prices, for all homes and for the cluster that responds; none where the trial is missing. */
export function responseRows(dataDir: string): EvalReport["rows"] {
  const path = join(dataDir, "dr_trial/lcl_dtou_30min.csv");
  if (!existsSync(path)) return [];
  const table = readSeriesTable(path);
  const events = eventsOf(table);
  return GROUPS.flatMap(({ name, column }) =>
    ["high", "low"].map((tariff) => {
      const judged = events.filter((event) => event.tariff === tariff).slice(EVENTS_BEFORE);
      const responses = judged.map((event) => responseTo(event, table, column));
      const measured = responses.map((response) => response.measured);
      const predicted = mean(responses.map((response) => response.predicted));
      const uncertainty = (STANDARD_ERRORS * deviation(measured)) / Math.sqrt(measured.length);
      return {
        set: `response to ${tariff} price`,
        method: name,
        days: judged.length,
        "predicted change": predicted,
        "measured change": mean(measured),
        uncertainty,
        met: Math.abs(predicted - mean(measured)) <= uncertainty,
      };
    }),
  );
}

/** Runs of one tariff that is not the normal one. */
function eventsOf({ texts }: SeriesTable): PriceEvent[] {
  const tariffs = texts.get("tariff") ?? [];
  const events: PriceEvent[] = [];
  tariffs.forEach((tariff, unit) => {
    const last = events.at(-1);
    if (tariff !== "high" && tariff !== "low") return;
    if (last?.to === unit && last.tariff === tariff) events[events.length - 1] = { ...last, to: unit + 1 };
    else events.push({ tariff, from: unit, to: unit + 1 });
  });
  return events;
}

/** Changes against the forecast at the normal price, over the part of the event that lies on its first day. */
function responseTo(event: PriceEvent, table: SeriesTable, column: string): { predicted: number; measured: number } {
  const perDay = DAY_MS / table.stepMs;
  const midnight = event.from - (event.from % perDay);
  const values = table.columns.get(column) ?? new Float64Array(0);
  const prices = (table.columns.get("price_gbp_per_kwh") ?? new Float64Array(0)).map((price) =>
    Number.isNaN(price) ? NORMAL_PRICE : price,
  );
  const normal = prices.map((price, unit) => (unit < midnight ? price : NORMAL_PRICE));
  const from = event.from - midnight;
  const to = Math.min(event.to - midnight, perDay);
  const energyOf = (series: ArrayLike<number>) =>
    Array.from(series)
      .slice(from, to)
      .reduce((sum, value) => sum + value, 0);
  const [atPrice = 0, atNormal = 0] = [prices, normal].map((driver) =>
    energyOf(dayForecast(values, { table, midnight, perDay, driver })),
  );
  const actual = energyOf(values.subarray(midnight, midnight + perDay));
  return { predicted: atPrice / atNormal - 1, measured: actual / atNormal - 1 };
}

function dayForecast(
  values: Float64Array,
  at: { table: SeriesTable; midnight: number; perDay: number; driver: Float64Array },
): readonly number[] {
  const temperature = at.table.columns.get("temp_c") ?? new Float64Array(0);
  return forecastSeries(
    {
      kind: "load",
      startUnixMs: at.table.startUnixMs,
      mtuMs: at.table.stepMs,
      values: values.subarray(0, at.midnight),
      drivers: [temperature, at.driver].map((driver) => driver.subarray(0, at.midnight + at.perDay)),
    },
    { horizonUnits: at.perDay },
  ).expected;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1));
}
