import { isDeviceId } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { ConnectionPoint } from "../control/index.ts";
import { WATT_MS_PER_WH } from "../profile/index.ts";
import { cell, readTable } from "./csv.ts";
import { FLEET_START_UNIX_MS, loadFeeders, loadFleet } from "./load-fleet.ts";
import { ZONE_SHARES_PER_MILLE } from "./offices.ts";

const EVENT_DAY = Date.UTC(2016, 0, 28);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const fleet = loadFleet();

function dayWh(deviceId: string): bigint {
  const found = fleet.find((feid) => feid.deviceId === deviceId);
  return (found?.load.energyWattMs(EVENT_DAY, EVENT_DAY + DAY_MS) ?? 0n) / WATT_MS_PER_WH;
}

describe("loadFleet", () => {
  it("has 68 devices in the district and 10 in the offices, each with a name of its own", () => {
    expect(fleet.filter(({ vnId }) => vnId === "district")).toHaveLength(68);
    expect(fleet.filter(({ vnId }) => vnId === "offices")).toHaveLength(10);
    expect(new Set(fleet.map(({ deviceId }) => deviceId)).size).toBe(78);
    expect(fleet.every(({ deviceId }) => isDeviceId(deviceId))).toBe(true);
    const expected = ["d-ld00-household", "d-ld41-heat-pump", "d-ld43-ev", "d-home-h01", "d-house-uci", "o-zone-3"];
    expect(fleet.map(({ deviceId }) => deviceId)).toEqual(expect.arrayContaining(expected));
  });

  it("stands every device on a feeder of its virtual node", () => {
    const feeders = loadFeeders();
    for (const { feeder, vnId, bus } of fleet) {
      expect(feeders.find((known) => known.feeder === feeder)).toMatchObject({ vnId });
      expect(feeders.find((known) => known.feeder === feeder)?.buses).toContain(bus);
    }
  });

  it("has batteries, relays, dimmers, heat pumps and chargers", () => {
    const counts = new Map<string, number>();
    for (const { kind } of fleet.flatMap(({ resources }) => resources)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ battery: 13, relay: 42, dimmer: 19, heat_pump: 20, ev: 7 });
  });

  it("plays what the sources say about the event day, Wh", () => {
    // Sums of the source tables over the same day; integer W lose less than half a watt a step.
    const expectedWh: [string, number][] = [
      ["d-ld33-commercial", 224_600],
      ["d-ld49-heat-pump", 40_000],
      ["d-ld46-ev", 12_100],
      ["d-home-h01", 37_219],
    ];
    for (const [deviceId, wh] of expectedWh) expect(Math.abs(Number(dayWh(deviceId)) - wh)).toBeLessThan(100);
  });

  it("keeps the whole office in its zones, whose shares make the whole", () => {
    expect(ZONE_SHARES_PER_MILLE.reduce<bigint>((sum, share) => sum + share, 0n)).toBe(1_000n);
    const rows = readTable("office/load_w.csv");
    const zones = fleet.filter(({ vnId }) => vnId === "offices");
    for (const [index, row] of rows.entries()) {
      const at = FLEET_START_UNIX_MS + index * HOUR_MS;
      expect(zones.reduce((sum, { load }) => sum + load.powerWAt(at), 0n)).toBe(BigInt(cell(row, "BDG2_1")));
    }
  });

  it("never lets resources take more than their connection point", () => {
    for (const { load, resources } of fleet) {
      const owned = resources.flatMap((resource) => (resource.kind === "battery" ? [] : [resource.load]));
      for (let at = FLEET_START_UNIX_MS; at < FLEET_START_UNIX_MS + 21 * DAY_MS; at += HOUR_MS) {
        expect(owned.reduce((rest, part) => rest - part.powerWAt(at), load.powerWAt(at))).toBeGreaterThanOrEqual(0n);
      }
    }
  });

  it("gives every device a site that a meter can replay", () => {
    for (const feid of fleet) {
      expect(new ConnectionPoint(feid).decide(EVENT_DAY, []).netW).toBe(
        feid.load.powerWAt(EVENT_DAY) - feid.pv.powerWAt(EVENT_DAY),
      );
    }
  });
});

describe("loadFeeders", () => {
  it("finds the three branches of the transformer, which share no bus, and the office", () => {
    const feeders = loadFeeders();
    expect(feeders.map(({ feeder }) => feeder)).toEqual(["feeder-b29", "feeder-b21", "feeder-b35", "feeder-office"]);
    const buses = feeders.flatMap((feeder) => feeder.buses);
    expect(new Set(buses).size).toBe(buses.length);
    expect(buses).toHaveLength(43);
    expect(feeders[0]?.powerVaMax).toBe(187_061n);
  });
});
