import { FORECAST_MODEL_VERSION } from "@gridpact/flexibility";
import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import { DAY_MS } from "../../time-spans.ts";
import type { CallableDevice, Given } from "../agent-host.ts";
import { meanPowersW, meteredHistory } from "../plan/index.ts";
import { learnFromReadings, type ProsumerBook } from "../prosumer/index.ts";
import { forecastPower } from "./forecast-prosumers.ts";
import type { OutlookStore } from "./issued-store.ts";

/** Devices whose histories are summed; a node with more is forecast from the first ones by id, scaled up. */
export const SUMMED_DEVICES_MAX = 1_000;

/** Histories that are read, learned from and summed with each tick: one takes a millisecond or two. */
export const SUMMED_PER_TICK_MAX = 40;

/** Below this share of devices with a value, a unit is a gap: what is missing would look like a saving. */
const PRESENT_SHARE_MIN = 0.9;

type OutlookContext = Given<"clock" | "devices" | "evidence" | "log" | "temperatureC"> & {
  outlooks: OutlookStore;
  prosumers: ProsumerBook;
};

/** An outlook that is being made. */
type Making = { issuedAtUnixMs: number; span: Span; sum: NodeSum; waiting: CallableDevice[]; deviceCount: number };

/**
 * When the newest outlook is old enough: learns every prosumer's days from its readings, and forecasts the import of
 * the whole node for the next day, a slice with each tick. Intervals of devices do not add up, so the sum of their
 * histories is forecast, not the sum of their forecasts. What a crash ends begins anew.
 */
export class OutlookIssuer {
  #making: Making | undefined;

  async step(context: OutlookContext): Promise<void> {
    this.#making ??= begun(context);
    const making = this.#making;
    if (making === undefined) return;
    for (const device of making.waiting.slice(0, SUMMED_PER_TICK_MAX)) {
      making.sum.add(await devicePower(device, making.span, context));
      making.waiting.shift();
    }
    if (making.waiting.length > 0) return;
    this.#making = undefined;
    await issue(making, context);
  }
}

/** Undefined while the newest outlook is young, and where there is nothing to forecast. */
function begun({ options, modules, outlooks }: OutlookContext): Making | undefined {
  const { mtuMs, outlookMs } = options;
  const issuedAtUnixMs = modules.clock.nowUnixMs();
  if (issuedAtUnixMs < (outlooks.newest()?.issuedAtUnixMs ?? Number.NEGATIVE_INFINITY) + outlookMs) return undefined;
  const devices = [...modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  if (devices.length === 0) return undefined;
  const toUnixMs = Math.floor(issuedAtUnixMs / mtuMs) * mtuMs;
  const span = { fromUnixMs: toUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs, mtuMs };
  const waiting = devices.slice(0, SUMMED_DEVICES_MAX);
  return { issuedAtUnixMs, span, sum: new NodeSum(span), waiting, deviceCount: devices.length };
}

async function issue({ issuedAtUnixMs, span, sum, deviceCount }: Making, context: OutlookContext): Promise<void> {
  const { modules, outlooks } = context;
  const whole = forecastPower(sum.powerW(deviceCount), { startUnixMs: span.fromUnixMs, mtuMs: span.mtuMs });
  if (whole === undefined) return;
  const known = { issuedAtUnixMs, dataUntilUnixMs: span.toUnixMs, modelVersion: FORECAST_MODEL_VERSION };
  await outlooks.add({ ...known, deviceCount, summedCount: Math.min(deviceCount, SUMMED_DEVICES_MAX), ...whole });
  const { inputHashHex, mase } = whole;
  modules.log.info("outlook_issued", { ...known, inputHashHex, mase: mase ?? -1 });
}

type Span = { fromUnixMs: number; toUnixMs: number; mtuMs: number };
type Powers = (number | null)[];

/** Mean power of a device in each unit, W; its agent state learns from it on the way. */
async function devicePower(device: CallableDevice, span: Span, context: OutlookContext): Promise<Powers> {
  const powerW = meanPowersW(await meteredHistory(context.modules.evidence, device.deviceId, span));
  await learnFromReadings(device, { startUnixMs: span.fromUnixMs, mtuMs: span.mtuMs, powerW }, context);
  return powerW;
}

/** Sum of devices, unit by unit, with how many of them had a value. */
class NodeSum {
  readonly #sumsW: Float64Array;
  readonly #counts: Float64Array;
  #devices = 0;

  constructor({ fromUnixMs, toUnixMs, mtuMs }: Span) {
    const length = (toUnixMs - fromUnixMs) / mtuMs;
    this.#sumsW = new Float64Array(length);
    this.#counts = new Float64Array(length);
  }

  add(powerW: Powers): void {
    this.#devices += 1;
    powerW.forEach((value, unit) => {
      if (value === null) return;
      this.#sumsW[unit] = (this.#sumsW[unit] ?? 0) + value;
      this.#counts[unit] = (this.#counts[unit] ?? 0) + 1;
    });
  }

  /** Power of the node in each unit, scaled to all devices where some have no value. */
  powerW(deviceCount: number): Powers {
    return Array.from(this.#sumsW, (sumW, unit) => {
      const count = this.#counts[unit] ?? 0;
      const isKnown = count > 0 && count >= PRESENT_SHARE_MIN * this.#devices;
      return isKnown ? (sumW * deviceCount) / count : null;
    });
  }
}
