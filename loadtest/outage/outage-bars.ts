import type { OutageReport } from "./run-outage.ts";

/** `bar` is the most for a cost, the least for the drain. */
export type OutageBar = { name: string; value: number; bar: number; isKept: boolean };

/** Acknowledgements may take a fifth longer while the store is away, on a machine whose disk is the store's as well. */
const PUBACK_RATIO_MAX = 1.2;

/** Once the store is back, its lag must go many times faster than it came. */
const DRAIN_RATIO_MIN = 5;

/** Of the second half of an outage over the first: what waits is on disk, not in memory. */
const RESIDENT_GROWTH_MEGABYTES_MAX = 20;

/** What an outage of the store may cost, held against what it did. */
export function outageBars({ faults, sentReadings, storedReadings }: OutageReport): OutageBar[] {
  return [
    atMost("readings lost or doubled", Math.abs(sentReadings - storedReadings), 0),
    ...faults.flatMap(({ fault, pubackP99Ratio, drainRatio, residentGrowthMegabytes }) => [
      atMost(`${fault}: PUBACK p99, to calm`, pubackP99Ratio, PUBACK_RATIO_MAX),
      atLeast(`${fault}: drain, to ingest`, drainRatio, DRAIN_RATIO_MIN),
      atMost(`${fault}: memory growth, MB`, residentGrowthMegabytes, RESIDENT_GROWTH_MEGABYTES_MAX),
    ]),
  ];
}

function atMost(name: string, value: number, bar: number): OutageBar {
  return { name, value, bar, isKept: value <= bar };
}

function atLeast(name: string, value: number, bar: number): OutageBar {
  return { name, value, bar, isKept: value >= bar };
}
