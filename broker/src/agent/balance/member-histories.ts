import { profileOutlook } from "@gridpact/flexibility";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";

/** Days whose mean at the same time is what is usual. */
export const PROFILE_DAYS = 7;

const WH_PER_KWH = 1_000;

/** Share of the latest deviation from the usual that is left an hour later; see `profileOutlook`. */
const KEPT_PER_HOUR = 0.7;

/** Units on end; not a number where nothing was metered. */
type Series = { endUnixMs: number; netKwh: number[] };

/** Use beyond own generation, and generation beyond own use, in each unit ahead, kWh. */
export type MemberOutlook = { deficitKwh: Float64Array; surplusKwh: Float64Array };

/**
 * What members drew without self-balancing over the last days, unit by unit. Forecasts that the node keeps are of what
 * is metered, balancing included; a plan has to know what would be without it.
 */
export class MemberHistories {
  readonly #mtuMs: number;
  readonly #series = new Map<string, Series>();

  constructor({ mtuMs }: { mtuMs: number }) {
    this.#mtuMs = mtuMs;
  }

  /** Whether the device's history goes on until an instant. */
  endsAt(deviceId: string, unixMs: number): boolean {
    return this.#series.get(deviceId)?.endUnixMs === unixMs;
  }

  /** Replaces the history of a device. */
  put(deviceId: string, endUnixMs: number, unmovedWh: readonly (bigint | null)[]): void {
    this.#series.set(deviceId, { endUnixMs, netKwh: unmovedWh.map(kwhOf) });
  }

  /** The next unit of a history that ends where it starts; nothing for others. */
  append(deviceId: string, startUnixMs: number, unmovedWh: bigint | null): void {
    const series = this.#series.get(deviceId);
    if (series?.endUnixMs !== startUnixMs) return;
    series.netKwh.push(kwhOf(unmovedWh));
    series.endUnixMs += this.#mtuMs;
    if (series.netKwh.length > PROFILE_DAYS * this.#dayLength()) series.netKwh.shift();
  }

  /** Devices that are gone are forgotten. */
  keepOnly(deviceIds: ReadonlySet<string>): void {
    for (const deviceId of this.#series.keys()) if (!deviceIds.has(deviceId)) this.#series.delete(deviceId);
  }

  /** A day ahead of the end of a device's history; undefined when it has not a day of it. */
  outlook(deviceId: string): MemberOutlook | undefined {
    const netKwh = this.#series.get(deviceId)?.netKwh ?? [];
    const dayLength = this.#dayLength();
    if (netKwh.filter(Number.isFinite).length < dayLength) return undefined;
    const known = withLatest(netKwh, dayLength);
    const keptPerStep = KEPT_PER_HOUR ** (this.#mtuMs / HOUR_MS);
    const ahead = (part: (kwh: number) => number) =>
      profileOutlook(known.map(part), dayLength, { dayLength, days: PROFILE_DAYS, keptPerStep });
    return { deficitKwh: ahead((kwh) => Math.max(0, kwh)), surplusKwh: ahead((kwh) => Math.max(0, -kwh)) };
  }

  /** The days before, each from the same time of day on, of some devices together, kWh; those known in whole. */
  pastDays(deviceIds: readonly string[]): number[][] {
    const all = deviceIds.map((deviceId) => this.#series.get(deviceId)?.netKwh ?? []);
    const dayLength = this.#dayLength();
    const days = Array.from({ length: PROFILE_DAYS }, (_, day) => {
      const own = all.map((netKwh) => {
        const from = netKwh.length - (day + 1) * dayLength;
        return from < 0 ? [] : netKwh.slice(from, from + dayLength);
      });
      return Array.from({ length: dayLength }, (_each, unit) =>
        own.reduce((sum, values) => sum + (values[unit] ?? Number.NaN), 0),
      );
    });
    return days.filter((netKwh) => netKwh.every(Number.isFinite));
  }

  #dayLength(): number {
    return DAY_MS / this.#mtuMs;
  }
}

function kwhOf(wh: bigint | null): number {
  return wh === null ? Number.NaN : Number(wh) / WH_PER_KWH;
}

/** An outlook goes on from the latest value; where that is missing, yesterday's stands in. */
function withLatest(netKwh: readonly number[], dayLength: number): number[] {
  const latest = netKwh.at(-1);
  if (latest !== undefined && Number.isFinite(latest)) return [...netKwh];
  const yesterday = netKwh.at(-1 - dayLength);
  return [...netKwh.slice(0, -1), Number.isFinite(yesterday) ? (yesterday as number) : 0];
}
