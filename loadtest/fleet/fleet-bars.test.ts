import { describe, expect, it } from "vitest";
import { fleetBars } from "./fleet-bars.ts";
import type { FleetResult } from "./run-fleet.ts";

/** A run that keeps every bar by nothing. */
const AT_THE_BARS = {
  missing: 0,
  unacked: 0,
  storedTwice: 0,
  rejected: 0,
  pubackMs: { p50: 1, p90: 1, p99: 500, max: 9_999 },
  residentBytesMax: 1.5 * 1024 ** 3,
  stormSeconds: 60,
} as FleetResult;

const broken = (result: Partial<FleetResult>) =>
  fleetBars({ ...AT_THE_BARS, ...result })
    .filter(({ isKept }) => !isKept)
    .map(({ name }) => name);

describe("the bars of a fleet", () => {
  it("are kept at their measure, and say all what was measured", () => {
    expect(broken({})).toEqual([]);
    expect(fleetBars(AT_THE_BARS).map(({ measured, max }) => measured <= max)).toEqual(new Array(6).fill(true));
  });

  it.each([
    ["one envelope missing", { missing: 1 }, "acknowledged and lost"],
    ["one never acknowledged", { unacked: 1 }, "acknowledged and lost"],
    ["one stored twice", { storedTwice: 1 }, "stored twice"],
    ["one rejected", { rejected: 1 }, "rejected"],
    ["a slow hundredth", { pubackMs: { p50: 1, p90: 1, p99: 500.1, max: 501 } }, "PUBACK p99, ms"],
    ["a byte too many in memory", { residentBytesMax: 1.5 * 1024 ** 3 + 1 }, "resident memory, bytes"],
    ["a storm of a minute and more", { stormSeconds: 60.1 }, "reconnect storm, s"],
    ["a figure that nobody could measure", { stormSeconds: Number.NaN }, "reconnect storm, s"],
  ])("are broken by %s, and by that alone", (_, result, name) => {
    expect(broken(result)).toEqual([name]);
  });
});
