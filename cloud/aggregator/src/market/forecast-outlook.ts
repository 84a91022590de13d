import { createHash } from "node:crypto";
import { FORECAST_MODEL_VERSION, forecastSeries, type SeriesKind } from "@gridpact/flexibility";
import type { RequestInterval } from "@gridpact/proto";
import type { MarketOutlook } from "../dss/index.ts";

/** Hourly values; null where nothing was published. */
export type HourlySeries = { startUnixMs: number; values: readonly (number | null)[] };

/** What was known of market and grid when it was asked for. */
export type MarketKnowledge = {
  /** Price of energy, micro-currency per Wh; published values may lie ahead of now, as of a day-ahead auction. */
  priceMicroPerWh: HourlySeries;
  /** Carbon intensity, g per kWh; measured, so never ahead of now. */
  carbonGramPerKwh: HourlySeries;
};

const HOUR_MS = 3_600_000;

/** Over this long devices catch up, as the what-ifs take it. */
const AFTER_MS = 2 * HOUR_MS;

/** No forecast of the package goes farther than two days. */
const HORIZON_HOURS_MAX = 48;

/**
 * What price and carbon are expected to be in the intervals of an event and in the two hours after it: published values
 * where there are any, forecasts beyond. Null when one of them has no history, or the event is too far away.
 */
export function forecastOutlook(
  intervals: readonly RequestInterval[],
  { priceMicroPerWh, carbonGramPerKwh }: MarketKnowledge,
): MarketOutlook | null {
  const endUnixMs = (intervals.at(-1)?.endUnixMs ?? 0) + AFTER_MS;
  const price = expectedUntil("price", priceMicroPerWh, endUnixMs);
  const carbon = expectedUntil("load", carbonGramPerKwh, endUnixMs);
  if (price === null || carbon === null) return null;
  const after = [{ startUnixMs: endUnixMs - AFTER_MS, endUnixMs }];
  return {
    carbonGramPerKwh: intervals.map((interval) => Math.max(0, Math.round(meanIn(carbon, interval)))),
    priceMicroPerWh: intervals.map((interval) => BigInt(Math.round(meanIn(price, interval)))),
    carbonAfterGramPerKwh: Math.max(0, Math.round(meanIn(carbon, after[0] as RequestInterval))),
    priceAfterMicroPerWh: BigInt(Math.round(meanIn(price, after[0] as RequestInterval))),
    known: {
      priceUntilUnixMs: knownUntil(priceMicroPerWh),
      carbonUntilUnixMs: knownUntil(carbonGramPerKwh),
      modelVersion: FORECAST_MODEL_VERSION,
      inputHashHex: createHash("sha256")
        .update(JSON.stringify([priceMicroPerWh, carbonGramPerKwh]))
        .digest("hex"),
    },
  };
}

type Expected = { startUnixMs: number; values: readonly number[] };

/** The series with forecasts behind its last value, up to an instant. */
function expectedUntil(kind: SeriesKind, series: HourlySeries, untilUnixMs: number): Expected | null {
  const { startUnixMs, values } = series;
  const knownUntilUnixMs = startUnixMs + values.length * HOUR_MS;
  const missingHours = Math.ceil((untilUnixMs - knownUntilUnixMs) / HOUR_MS);
  if (missingHours > HORIZON_HOURS_MAX || values.every((value) => value === null)) return null;
  const forecast = forecastSeries(
    { kind, startUnixMs, mtuMs: HOUR_MS, values },
    { horizonUnits: Math.max(1, missingHours) },
  );
  if (forecast.flags.includes("no_history")) return null;
  // A gap in what was published is filled with the hour before it.
  let last = forecast.expected[0] ?? 0;
  const known = values.map((value) => {
    last = value ?? last;
    return last;
  });
  return { startUnixMs, values: missingHours > 0 ? [...known, ...forecast.expected] : known };
}

function knownUntil({ startUnixMs, values }: HourlySeries): number {
  return startUnixMs + values.length * HOUR_MS;
}

/** Mean over an interval, each hour by how much of it lies within. */
function meanIn({ startUnixMs, values }: Expected, interval: RequestInterval): number {
  let sum = 0;
  for (let at = interval.startUnixMs; at < interval.endUnixMs; ) {
    const hour = Math.floor((at - startUnixMs) / HOUR_MS);
    const end = Math.min(interval.endUnixMs, startUnixMs + (hour + 1) * HOUR_MS);
    sum += (values[hour] ?? 0) * (end - at);
    at = end;
  }
  return sum / (interval.endUnixMs - interval.startUnixMs);
}
