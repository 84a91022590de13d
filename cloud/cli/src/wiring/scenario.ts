import type { MarketKnowledge } from "@gridpact/aggregator";
import { loadScenario } from "@gridpact/edge";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** As long as the scenario's own span: more would only repeat it. */
const HISTORY_DAYS = 21;

/** Prices of the next day are published early in the afternoon (day-ahead auction, SDAC, 12:57 CET). */
const PUBLISHED_HOUR = 13;

const scenario = loadScenario();

/** What anyone could know of price and carbon at an instant of the demonstration: nothing that comes later. */
export function marketKnowledge(nowUnixMs: number): MarketKnowledge {
  const today = Math.floor(nowUnixMs / DAY_MS) * DAY_MS;
  const startUnixMs = today - HISTORY_DAYS * DAY_MS;
  const isPublished = nowUnixMs - today >= PUBLISHED_HOUR * HOUR_MS;
  const hours = (untilUnixMs: number, at: (unixMs: number) => number) => ({
    startUnixMs,
    values: Array.from({ length: Math.floor((untilUnixMs - startUnixMs) / HOUR_MS) }, (_, hour) =>
      at(startUnixMs + hour * HOUR_MS),
    ),
  });
  return {
    priceMicroPerWh: hours(today + (isPublished ? 2 : 1) * DAY_MS, scenario.priceMicroPerWh.at),
    carbonGramPerKwh: hours(nowUnixMs, scenario.carbonGramPerKwh.at),
  };
}

/** Outdoor temperature in the middle of a span, degrees Celsius. */
export function temperatureC(fromUnixMs: number, toUnixMs: number): number {
  return scenario.temperatureC.at((fromUnixMs + toUnixMs) / 2);
}
