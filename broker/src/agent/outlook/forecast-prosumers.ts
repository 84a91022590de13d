import { FORECAST_MODEL_VERSION, forecastSeries, type SeriesForecast } from "@gridpact/flexibility";
import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import type { ImportForecast, RequestInterval } from "@gridpact/proto";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";
import type { CallableDevice, Given } from "../agent-host.ts";
import { historyHash, meanPowersW, meteredHistory } from "../plan/index.ts";
import type { ForecastStore } from "./issued-store.ts";
import type { KeptForecast, ProsumerForecast, ProsumerForecasts } from "./outlook.ts";

/** Devices come one after the other at first; an hour later those that have come are enough for a round. */
const NEWCOMERS_MS = HOUR_MS;

type Powers = readonly (number | null)[];

type ForecastContext = Given<"clock" | "devices" | "evidence">;

/** A round that hangs leaves forecasts from the one before: two periods old, the day that they saw is not this one. */
const PERIODS_MAX = 2;

/**
 * Forecasts every prosumer in rounds, one with each tick: a forecast takes some ten milliseconds, and devices wait for
 * their acknowledgements meanwhile. A round that is through is kept; one that a crash ends begins anew. Who plans an
 * event reuses what is kept.
 */
export class ProsumerForecaster {
  readonly #store: ForecastStore;
  #round: { issue: ProsumerForecasts; waiting: CallableDevice[] } | undefined;
  /** By device: of the round that goes on, else of the one before. */
  #kept: Map<string, KeptForecast>;

  constructor(store: ForecastStore) {
    this.#store = store;
    this.#kept = keptOf(store.newest());
  }

  /** The newest forecast of each prosumer, in order of ids. */
  newest(): ProsumerForecast[] {
    return [...this.#kept.values()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  }

  /** The forecast of a device, if it covers all intervals, was made by this method, and is not too old. */
  covering(
    deviceId: string,
    intervals: readonly RequestInterval[],
    { options, modules }: Given<"clock">,
  ): KeptForecast | undefined {
    const kept = this.#kept.get(deviceId);
    if (kept?.modelVersion !== FORECAST_MODEL_VERSION) return undefined;
    const { startUnixMs, mtuMs, expectedW } = kept.forecast;
    const isFresh = modules.clock.nowUnixMs() <= kept.issuedAtUnixMs + PERIODS_MAX * options.outlookMs;
    const endUnixMs = startUnixMs + expectedW.length * mtuMs;
    const isWithin = intervals.every((each) => each.startUnixMs >= startUnixMs && each.endUnixMs <= endUnixMs);
    return isFresh && isWithin && mtuMs === options.mtuMs ? kept : undefined;
  }

  /** When the next round may begin: sooner where there is a prosumer without any forecast. */
  #nextUnixMs({ options, modules }: ForecastContext): number {
    const newest = this.#store.newest();
    if (newest === undefined) return Number.NEGATIVE_INFINITY;
    const hasNew = newest.forecasts.length < Math.min(modules.devices().length, options.forecastProsumersMax);
    return newest.issuedAtUnixMs + Math.min(options.outlookMs, hasNew ? NEWCOMERS_MS : options.outlookMs);
  }

  /** Goes on with the round, or begins one when the last is old enough. */
  async step(context: ForecastContext): Promise<void> {
    const nowUnixMs = context.modules.clock.nowUnixMs();
    if (this.#round === undefined && nowUnixMs >= this.#nextUnixMs(context)) this.#round = begun(context);
    const device = this.#round?.waiting.shift();
    if (this.#round === undefined || device === undefined) return;
    const { issue, waiting } = this.#round;
    const forecast = await forecastDevice(device, issue, context);
    if (forecast !== undefined) {
      issue.forecasts.push({ deviceId: device.deviceId, ...forecast });
      this.#kept.set(device.deviceId, { ...issueOf(issue), deviceId: device.deviceId, ...forecast });
    }
    if (waiting.length > 0) return;
    this.#round = undefined;
    if (issue.forecasts.length === 0) return;
    await this.#store.add(issue);
    // Devices that have gone leave with the round before.
    this.#kept = keptOf(issue);
  }
}

function keptOf(round: ProsumerForecasts | undefined): Map<string, KeptForecast> {
  if (round === undefined) return new Map();
  const issue = issueOf(round);
  return new Map(round.forecasts.map((forecast) => [forecast.deviceId, { ...issue, ...forecast }]));
}

function issueOf({ forecasts: _, ...issue }: ProsumerForecasts): Omit<ProsumerForecasts, "forecasts"> {
  return issue;
}

/** Undefined while there is no device. */
function begun({ options, modules }: ForecastContext) {
  const issuedAtUnixMs = modules.clock.nowUnixMs();
  const devices = [...modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  const dataUntilUnixMs = Math.floor(issuedAtUnixMs / options.mtuMs) * options.mtuMs;
  if (devices.length === 0 || options.forecastProsumersMax === 0) return undefined;
  const issue = { issuedAtUnixMs, dataUntilUnixMs, modelVersion: FORECAST_MODEL_VERSION, forecasts: [] };
  return { issue, waiting: devices.slice(0, options.forecastProsumersMax) };
}

async function forecastDevice(
  { deviceId }: CallableDevice,
  { dataUntilUnixMs }: ProsumerForecasts,
  { options, modules }: ForecastContext,
) {
  const { mtuMs } = options;
  const span = { fromUnixMs: dataUntilUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs: dataUntilUnixMs, mtuMs };
  const powerW = meanPowersW(await meteredHistory(modules.evidence, deviceId, span));
  return forecastPower(powerW, { startUnixMs: span.fromUnixMs, mtuMs });
}

/** A day ahead of a history in W, with what it was made from; undefined without any history. */
export function forecastPower(
  powerW: Powers,
  { startUnixMs, mtuMs }: { startUnixMs: number; mtuMs: number },
): Omit<ProsumerForecast, "deviceId"> | undefined {
  const history = { kind: "net", startUnixMs, mtuMs, values: powerW } as const;
  const forecast = forecastSeries(history, { horizonUnits: DAY_MS / mtuMs });
  if (forecast.flags.includes("no_history")) return undefined;
  return {
    inputHashHex: historyHash(powerW),
    mase: forecast.mase,
    flags: forecast.flags,
    forecast: wholeWatts(forecast),
  };
}

function wholeWatts({ startUnixMs, mtuMs, expected, lower, upper }: SeriesForecast): ImportForecast {
  const [expectedW = [], lowerW = [], upperW = []] = [expected, lower, upper].map((each) => each.map(Math.round));
  return { startUnixMs, mtuMs, expectedW, lowerW, upperW };
}
