import { createHash } from "node:crypto";
import { FORECAST_MODEL_VERSION, forecastSeries, type SeriesForecast } from "@gridpact/flexibility";
import type { ImportForecast } from "@gridpact/proto";
import type { StepContext } from "../agent-modules.ts";
import { HISTORY_DAYS, meteredHistory } from "../plan/index.ts";
import type { Outlook } from "./outlook-store.ts";

const DAY_MS = 86_400_000;
const MS_PER_HOUR = 3_600_000;

/**
 * Devices whose histories are summed. Reading one takes some milliseconds, so a thousand hold up the agent for seconds;
 * a node with more is forecast from the first ones by id, scaled up.
 */
export const SUMMED_DEVICES_MAX = 1_000;

/** Below this share of devices with a value, a unit is a gap: what is missing would look like a saving. */
const PRESENT_SHARE_MIN = 0.9;

/**
 * Forecasts the import of the whole node for the next day, when the newest outlook is old enough. Intervals of devices
 * do not add up, so the sum of their histories is forecast, not the sum of their forecasts.
 */
export async function issueOutlook(context: StepContext): Promise<void> {
  const { options, modules, outlooks } = context;
  const issuedAtUnixMs = modules.clock.nowUnixMs();
  if (issuedAtUnixMs < (outlooks.newest()?.issuedAtUnixMs ?? Number.NEGATIVE_INFINITY) + options.outlookMs) return;
  const { mtuMs } = options;
  const dataUntilUnixMs = Math.floor(issuedAtUnixMs / mtuMs) * mtuMs;
  const startUnixMs = dataUntilUnixMs - HISTORY_DAYS * DAY_MS;
  const summed = await summedHistory(context, { fromUnixMs: startUnixMs, toUnixMs: dataUntilUnixMs, mtuMs });
  const forecast = forecastSeries(
    { kind: "net", startUnixMs, mtuMs, values: summed.powerW },
    { horizonUnits: DAY_MS / mtuMs },
  );
  if (forecast.flags.includes("no_history")) return;
  const outlook: Outlook = {
    issuedAtUnixMs,
    dataUntilUnixMs,
    modelVersion: FORECAST_MODEL_VERSION,
    inputHashHex: createHash("sha256").update(JSON.stringify(summed.powerW)).digest("hex"),
    deviceCount: summed.deviceCount,
    summedCount: summed.summedCount,
    mase: forecast.mase,
    flags: forecast.flags,
    forecast: wholeWatts(forecast),
  };
  await outlooks.add(outlook);
  const { modelVersion, inputHashHex, mase } = outlook;
  modules.log.info("outlook_issued", { dataUntilUnixMs, modelVersion, inputHashHex, mase: mase ?? -1 });
}

type Span = { fromUnixMs: number; toUnixMs: number; mtuMs: number };
type SummedHistory = { powerW: (number | null)[]; deviceCount: number; summedCount: number };

/** Mean power of the node in each unit, scaled to all devices where some have no value. */
async function summedHistory({ modules }: StepContext, span: Span): Promise<SummedHistory> {
  const ids = modules.devices().map(({ deviceId }) => deviceId);
  const summedIds = ids.sort().slice(0, SUMMED_DEVICES_MAX);
  const length = (span.toUnixMs - span.fromUnixMs) / span.mtuMs;
  const sumsWh = new Float64Array(length);
  const counts = new Float64Array(length);
  for (const deviceId of summedIds) {
    const { netWh } = await meteredHistory(modules.evidence, deviceId, span);
    netWh.forEach((wh, unit) => {
      if (wh === null) return;
      sumsWh[unit] = (sumsWh[unit] ?? 0) + Number(wh);
      counts[unit] = (counts[unit] ?? 0) + 1;
    });
  }
  const powerW = Array.from(sumsWh, (sumWh, unit) => {
    const count = counts[unit] ?? 0;
    const isKnown = count > 0 && count >= PRESENT_SHARE_MIN * summedIds.length;
    return isKnown ? (sumWh * MS_PER_HOUR * ids.length) / (span.mtuMs * count) : null;
  });
  return { powerW, deviceCount: ids.length, summedCount: summedIds.length };
}

function wholeWatts({ startUnixMs, mtuMs, expected, lower, upper }: SeriesForecast): ImportForecast {
  const [expectedW = [], lowerW = [], upperW = []] = [expected, lower, upper].map((each) => each.map(Math.round));
  return { startUnixMs, mtuMs, expectedW, lowerW, upperW };
}
