// Devices that send one envelope a second for a long time: latency and memory have to stay where they are.
//   -e DEVICES=100 -e READINGS=10 -e DURATION=1h

import { sleep } from "k6";
import exec from "k6/execution";
import { Trend } from "k6/metrics";
import {
  begin,
  counted,
  devices,
  duration,
  publish,
  reconcile,
  summaryTrendStats,
  thresholds,
  wholeNumber,
} from "./virtual-node.js";

const readings = wholeNumber("READINGS", 10, 1_440);
const length = duration("10m");

/** Growth that is a leak and no cache that fills: beyond what the virtual node had after its first tenth. */
const GROWTH_BYTES_MAX = wholeNumber("GROWTH_MB", 100, 100_000) * 1_000_000;

const residentBytes = new Trend("gridpact_resident_bytes");
const residentGrowthBytes = new Trend("gridpact_resident_growth_bytes");

export const options = {
  scenarios: {
    soak: { executor: "constant-vus", vus: devices, duration: length },
    memory: { executor: "constant-vus", exec: "memory", vus: 1, duration: length },
  },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    gridpact_puback_ms: ["p(99)<500"],
    gridpact_resident_growth_bytes: [`max<${GROWTH_BYTES_MAX}`],
  },
};

export const setup = begin;

export default function () {
  publish(readings);
  sleep(1);
}

let settledBytes;

export function memory() {
  const now = counted().residentBytes;
  residentBytes.add(now);
  // The first tenth is for code that is compiled and buffers that grow to their size.
  if (exec.scenario.progress > 0.1) {
    settledBytes ??= now;
    residentGrowthBytes.add(now - settledBytes);
  }
  sleep(1);
}

export const teardown = reconcile;
