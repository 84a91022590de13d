import { createHash } from "node:crypto";
import { FORECAST_MODEL_VERSION, forecastSeries, type SeriesForecast } from "@gridpact/flexibility";
import type { ImportForecast } from "@gridpact/proto";
import type { CallableDevice, StepContext } from "../agent-modules.ts";
import { HISTORY_DAYS, meanPowersW, meteredHistory } from "../plan/index.ts";
import type { ForecastStore } from "./issued-store.ts";
import type { ProsumerForecast, ProsumerForecasts } from "./outlook.ts";

const DAY_MS = 86_400_000;

/** Devices come one after the other at first; an hour later those that have come are enough for a round. */
const NEWCOMERS_MS = 3_600_000;

type Powers = readonly (number | null)[];

/**
 * Forecasts every prosumer in rounds, one with each tick: a forecast takes a tenth of a second, and devices wait for
 * their acknowledgements meanwhile. A round that is through is kept; one that a crash ends begins anew.
 */
export class ProsumerForecaster {
  readonly #store: ForecastStore;
  #round: { issue: ProsumerForecasts; waiting: CallableDevice[] } | undefined;

  constructor(store: ForecastStore) {
    this.#store = store;
  }

  /** The newest forecast of each prosumer: of the round that goes on, else of the one before. */
  newest(): ProsumerForecast[] {
    const running = this.#round?.issue.forecasts ?? [];
    const known = new Set(running.map(({ deviceId }) => deviceId));
    const before = this.#store.newest()?.forecasts.filter(({ deviceId }) => !known.has(deviceId)) ?? [];
    return [...running, ...before].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  }

  /** When the next round may begin: sooner where there is a prosumer without any forecast. */
  #nextUnixMs({ options, modules }: StepContext): number {
    const newest = this.#store.newest();
    if (newest === undefined) return Number.NEGATIVE_INFINITY;
    const hasNew = newest.forecasts.length < Math.min(modules.devices().length, options.forecastProsumersMax);
    return newest.issuedAtUnixMs + Math.min(options.outlookMs, hasNew ? NEWCOMERS_MS : options.outlookMs);
  }

  /** Goes on with the round, or begins one when the last is old enough. */
  async step(context: StepContext): Promise<void> {
    const nowUnixMs = context.modules.clock.nowUnixMs();
    if (this.#round === undefined && nowUnixMs >= this.#nextUnixMs(context)) this.#round = begun(context);
    const device = this.#round?.waiting.shift();
    if (this.#round === undefined || device === undefined) return;
    const { issue, waiting } = this.#round;
    const forecast = await forecastDevice(device, issue, context);
    if (forecast !== undefined) issue.forecasts.push({ deviceId: device.deviceId, ...forecast });
    if (waiting.length > 0) return;
    this.#round = undefined;
    if (issue.forecasts.length > 0) await this.#store.add(issue);
  }
}

/** Undefined while there is no device. */
function begun({ options, modules }: StepContext) {
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
  { options, modules }: StepContext,
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
  const inputHashHex = createHash("sha256").update(JSON.stringify(powerW)).digest("hex");
  return { inputHashHex, mase: forecast.mase, flags: forecast.flags, forecast: wholeWatts(forecast) };
}

function wholeWatts({ startUnixMs, mtuMs, expected, lower, upper }: SeriesForecast): ImportForecast {
  const [expectedW = [], lowerW = [], upperW = []] = [expected, lower, upper].map((each) => each.map(Math.round));
  return { startUnixMs, mtuMs, expectedW, lowerW, upperW };
}
