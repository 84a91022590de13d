import { describe, expect, it } from "vitest";
import { PowerSeries } from "../profile/index.ts";
import { ConnectionPoint } from "./connection-point.ts";
import type { ResourceSpec } from "./resource-spec.ts";

const NOON = Date.UTC(2016, 0, 28, 12);
const QUARTER_MS = 900_000;
const battery: ResourceSpec = {
  kind: "battery",
  resourceId: "b",
  powerWMax: 500n,
  energyWhMax: 1_000n,
  efficiencyPerMille: 1_000n,
};
const relay: ResourceSpec = { kind: "relay", resourceId: "r", load: PowerSeries.constant(600n) };
const site = { load: PowerSeries.constant(1_000n), resources: [battery, relay] };

function limit(importWMax: bigint) {
  return [{ startUnixMs: BigInt(NOON), endUnixMs: BigInt(NOON + QUARTER_MS), importWMax }];
}

function band(importWMin: bigint, importWMax: bigint, shiftsLoads: boolean) {
  return limit(importWMax).map((each) => ({ ...each, balance: { importWMin, shiftsLoads } }));
}

describe("ConnectionPoint", () => {
  it("takes its profile, minus PV, while nothing limits it", () => {
    const withPv = new ConnectionPoint({ ...site, pv: PowerSeries.constant(1_300n) });
    expect(new ConnectionPoint(site).decide(NOON, []).netW).toBe(1_000n);
    expect(withPv.decide(NOON, []).netW).toBe(-300n);
  });

  it("asks its resources in their order and leaves the later ones alone when the first can do it", () => {
    expect(new ConnectionPoint(site).decide(NOON, limit(700n))).toMatchObject({
      netW: 700n,
      resourcesW: [-300n, 600n],
    });
    expect(new ConnectionPoint(site).decide(NOON, limit(400n))).toMatchObject({ netW: -100n, resourcesW: [-500n, 0n] });
  });

  it("goes as low as it can when the limit is out of reach", () => {
    expect(new ConnectionPoint(site).decide(NOON, limit(-5_000n)).netW).toBe(-100n);
  });

  it("ignores limits while its outputs are stuck or an occupant overrides them", () => {
    const stuck = new ConnectionPoint({ ...site, faults: [{ kind: "stuck", fromUnixMs: NOON + 1_000 }] });
    expect(stuck.decide(NOON, limit(700n))).toMatchObject({ netW: 700n, cell: { endUnixMs: NOON + 1_000 } });
    expect(stuck.decide(NOON + 1_000, limit(700n)).netW).toBe(1_000n);
    const overridden = new ConnectionPoint({
      ...site,
      faults: [{ kind: "override", fromUnixMs: NOON, toUnixMs: NOON + 60_000 }],
    });
    expect(overridden.decide(NOON, limit(700n)).netW).toBe(1_000n);
    expect(overridden.decide(NOON + 60_000, limit(700n)).netW).toBe(700n);
  });

  it("makes short cells while something is controlled or recovers, and long ones at rest", () => {
    const point = new ConnectionPoint(site);
    expect(point.decide(NOON - 1_000, limit(0n)).cell.endUnixMs).toBe(NOON);
    const active = point.decide(NOON, limit(700n));
    expect(active.cell.endUnixMs).toBe(NOON + 60_000);
    point.advance(active, NOON + 60_000);
    expect(point.decide(NOON + QUARTER_MS, []).cell.endUnixMs).toBe(NOON + QUARTER_MS + 60_000);
    expect(new ConnectionPoint(site).decide(NOON, []).cell.endUnixMs).toBe(NOON + QUARTER_MS);
  });

  it("keeps its own surplus for its own use when it takes part in balancing and nobody says otherwise", () => {
    const sunny = new ConnectionPoint({ ...site, pv: PowerSeries.constant(1_300n), balancesFromUnixMs: NOON });
    // Full at first: the surplus goes out.
    expect(sunny.decide(NOON, []).netW).toBe(-300n);
    const dark = new ConnectionPoint({ ...site, balancesFromUnixMs: NOON });
    expect(dark.decide(NOON, [])).toMatchObject({ netW: 500n, resourcesW: [-500n, 600n] });
  });

  it("holds a band by its storage alone, and by loads that can wait where the band says so", () => {
    const ev: ResourceSpec = {
      kind: "ev",
      resourceId: "e",
      load: PowerSeries.constant(400n),
      ratedW: 1_000n,
      departureMinuteOfDay: 23 * 60,
    };
    const point = () => new ConnectionPoint({ ...site, resources: [battery, ev, relay], balancesFromUnixMs: NOON });
    expect(point().decide(NOON, band(-9_000n, 200n, false)).resourcesW).toEqual([-500n, 400n, 600n]);
    expect(point().decide(NOON, band(-9_000n, 200n, true)).resourcesW).toEqual([-500n, 100n, 600n]);
    expect(point().decide(NOON, band(-9_000n, 9_000n, true)).resourcesW).toEqual([0n, 400n, 600n]);
  });

  it("takes more than it needs to reach a band's lower end, and counts what was moved", () => {
    const point = new ConnectionPoint({ ...site, balancesFromUnixMs: NOON });
    const given = point.decide(NOON, band(-9_000n, 700n, false));
    point.advance(given, NOON + 60_000);
    expect(point.shiftState(NOON + 60_000)).toMatchObject({ storedWh: 895n, movedWh: -5n, storageWMax: 500n });
    const taken = point.decide(NOON + 60_000, band(1_240n, 9_000n, false));
    expect(taken).toMatchObject({ netW: 1_240n, resourcesW: [240n, 600n] });
    point.advance(taken, NOON + 120_000);
    expect(point.shiftState(NOON + 120_000)).toMatchObject({ storedWh: 899n, movedWh: -1n });
  });

  it("lets a limit of an event go before a band", () => {
    const point = new ConnectionPoint({ ...site, balancesFromUnixMs: NOON });
    expect(point.decide(NOON, [...limit(700n), ...band(2_000n, 9_000n, false)]).netW).toBe(700n);
  });

  it("refuses a profile whose steps are not on the grid of its cells", () => {
    const load = new PowerSeries({ startUnixMs: 0, stepMs: 60_000, valuesW: [1n] });
    expect(() => new ConnectionPoint({ load, resources: [] })).toThrow("multiple of the longest cell");
  });
});
