import { expect, it } from "vitest";
import { outageBars } from "./outage-bars.ts";
import type { FaultReport, OutageReport } from "./run-outage.ts";

const LATENCIES = { p50: 1, p90: 2, p99: 3, max: 4 };

const AT_BAR: FaultReport = {
  fault: "away",
  pubackMs: LATENCIES,
  pubackP99Ratio: 1.2,
  backlogReadings: 100,
  noticedSeconds: 1,
  drainSeconds: 1,
  drainRatio: 5,
  residentGrowthMegabytes: 20,
};

function report(change: Partial<FaultReport>, counted: Partial<OutageReport> = {}): OutageReport {
  const counts = { sentReadings: 10, storedReadings: 10, ...counted };
  return {
    engine: "twin",
    readingsPerSecond: 10,
    calmPubackMs: [LATENCIES],
    faults: [{ ...AT_BAR, ...change }],
    ...counts,
  };
}

it("are kept at the bar", () => {
  expect(outageBars(report({})).filter(({ isKept }) => !isKept)).toEqual([]);
});

it.each([
  [{ pubackP99Ratio: 1.21 }, {}],
  [{ drainRatio: 4.9 }, {}],
  [{ residentGrowthMegabytes: 21 }, {}],
  [{}, { storedReadings: 9 }],
  [{}, { storedReadings: 11 }],
])("are not kept beyond it: %j %j", (change, counted) => {
  expect(outageBars(report(change, counted)).filter(({ isKept }) => !isKept)).toHaveLength(1);
});
