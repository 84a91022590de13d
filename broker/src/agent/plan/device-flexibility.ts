import { forecastSeries } from "@gridpact/flexibility";
import { type ImportForecast, RESOURCE_KIND, type RequestInterval, type Resource } from "@gridpact/proto";
import { larger, share, smaller, sumOf } from "@gridpact/settlement";
import { HOUR_MS } from "../../time-spans.ts";
import { type MeteredHistory, meanPowersW } from "./metered-history.ts";

type OutlookRequest = {
  history: MeteredHistory;
  intervals: readonly RequestInterval[];
};

/** Net import that the device is expected to have when nobody calls on it; undefined without any history. */
export function forecastEnergy({ history, intervals }: OutlookRequest): bigint[] | undefined {
  const { startUnixMs, mtuMs, netWh } = history;
  const endUnixMs = startUnixMs + netWh.length * mtuMs;
  const lastEndUnixMs = intervals.at(-1)?.endUnixMs ?? endUnixMs;
  const forecast = forecastSeries(
    { kind: "net", startUnixMs, mtuMs, values: meanPowersW(history) },
    { horizonUnits: Math.max(1, (lastEndUnixMs - endUnixMs) / mtuMs) },
  );
  if (forecast.flags.includes("no_history")) return undefined;
  return energyIn(intervals, { ...forecast, expectedW: forecast.expected });
}

/** Energy of a forecast in each interval, Wh; the forecast MUST cover them, and both have the same market time unit. */
export function energyIn(
  intervals: readonly RequestInterval[],
  { startUnixMs, mtuMs, expectedW }: Pick<ImportForecast, "startUnixMs" | "mtuMs"> & { expectedW: readonly number[] },
): bigint[] {
  return intervals.map((interval) => {
    const powerW = expectedW[(interval.startUnixMs - startUnixMs) / mtuMs] ?? 0;
    return BigInt(Math.round((powerW * mtuMs) / HOUR_MS));
  });
}

/** What the reduction of a device follows from. */
export type DeviceLoad = {
  baselineWh: readonly bigint[];
  forecastWh: readonly bigint[];
  standbyWh: bigint;
  resources: readonly Resource[];
  mtuMs: number;
  /** Share of the estimate that may be ordered. */
  sharePerMille: number;
};

/** The reduction that a device can make in each interval, should it have to in all of them. */
export function reducibleEnergy(device: DeviceLoad): bigint[] {
  return withinTotal(reduciblePower(device), energyLimitOf(device.resources));
}

/**
 * The reduction against the baseline that a device can make in each interval alone, Wh.
 *
 *      baseline  |---------------------------|
 *      forecast  |----------------------|      what the day is expected to be lower counts as well
 *      standby   |------|                      drawn whatever is switched off
 *      loads            <-- reduceWMax -->     at most what is above standby
 *      battery          its power comes on top, down to export
 */
export function reduciblePower(device: DeviceLoad): bigint[] {
  const { baselineWh, forecastWh, standbyWh, resources, mtuMs, sharePerMille } = device;
  const loadsWh = energyOf(
    resources.filter(({ kind }) => kind !== RESOURCE_KIND.BATTERY),
    mtuMs,
  );
  const batteriesWh = energyOf(
    resources.filter(({ kind }) => kind === RESOURCE_KIND.BATTERY),
    mtuMs,
  );
  return forecastWh.map((expectedWh, index) => {
    const sheddableWh = smaller(loadsWh, larger(0n, expectedWh - standbyWh));
    const lowestWh = expectedWh - sheddableWh - batteriesWh;
    const reducibleWh = larger(0n, (baselineWh[index] ?? 0n) - lowestWh);
    // A device without resources delivers by luck only; luck is not sold.
    return sheddableWh + batteriesWh === 0n ? 0n : share(reducibleWh, sharePerMille);
  });
}

/** What the device draws even when little is on: the lowest tenth of its history. */
export function standbyEnergy({ netWh }: MeteredHistory): bigint {
  const present = netWh.filter((wh) => wh !== null).sort((left, right) => (left < right ? -1 : 1));
  return larger(0n, present[Math.floor(present.length / 10)] ?? 0n);
}

function energyOf(resources: readonly Resource[], mtuMs: number): bigint {
  return (sumOf(resources.map(({ reduceWMax }) => reduceWMax)) * BigInt(mtuMs)) / BigInt(HOUR_MS);
}

/** Energy that one event may take from all resources; undefined when one of them has no limit. */
export function energyLimitOf(resources: readonly Resource[]): bigint | undefined {
  if (resources.some(({ reduceWhMax }) => reduceWhMax === 0n)) return undefined;
  return sumOf(resources.map(({ reduceWhMax }) => reduceWhMax));
}

/** Scaled down evenly where the event as a whole would take more than the resources hold. */
function withinTotal(perInterval: readonly bigint[], totalWhMax: bigint | undefined): bigint[] {
  const totalWh = sumOf(perInterval);
  if (totalWhMax === undefined || totalWh <= totalWhMax) return [...perInterval];
  return perInterval.map((each) => (each * totalWhMax) / totalWh);
}
