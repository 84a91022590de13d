import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConnectionPointSpec } from "../control/index.ts";
import { PowerSeries } from "../profile/index.ts";
import { ReplayMeter } from "./replay-meter.ts";

const NOON = Date.UTC(2016, 0, 28, 12);
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const start = { startUnixMs: NOON, importWh: 0n, exportWh: 0n };
const load = new PowerSeries({ startUnixMs: NOON, stepMs: QUARTER_MS, valuesW: [4_000n, 1_001n, 7_777n, 30n] });
const site: ConnectionPointSpec = {
  load,
  pv: new PowerSeries({ startUnixMs: NOON, stepMs: QUARTER_MS, valuesW: [0n, 3_333n] }),
  resources: [
    { kind: "battery", resourceId: "b", powerWMax: 1_000n, energyWhMax: 2_000n, efficiencyPerMille: 900n },
    {
      kind: "heat_pump",
      resourceId: "h",
      load: load.scaled(400n),
      ratedW: 4_000n,
      thermalWhPerKelvin: 700n,
      comfortMilliKelvinMax: 1_000n,
      timeConstantMs: 36_000_000n,
    },
  ],
};

function limits(startUnixMs: number, endUnixMs: number, importWMax: bigint) {
  return [{ startUnixMs: BigInt(startUnixMs), endUnixMs: BigInt(endUnixMs), importWMax }];
}

describe("ReplayMeter", () => {
  it("integrates power to the exact register, import and export apart", async () => {
    const plain = new ReplayMeter({ ...site, resources: [] }, start);
    expect(await plain.read(NOON + QUARTER_MS)).toEqual({ powerW: -2_332n, importWh: 1_000n, exportWh: 0n });
    expect(await plain.read(NOON + 2 * QUARTER_MS)).toEqual({ powerW: 7_777n, importWh: 1_000n, exportWh: 583n });
  });

  it("starts from the given registers", async () => {
    const meter = new ReplayMeter({ ...site, resources: [] }, { ...start, importWh: 500n, exportWh: 70n });
    expect(await meter.read(NOON + 3_600_000)).toMatchObject({ importWh: 500n + 2_944n, exportWh: 70n + 1_408n });
  });

  it("gives the same registers however often it is read", async () => {
    const obeyAt = NOON + 1_234_567;
    const control = limits(NOON + 1_300_000, NOON + 3_000_000, 500n);
    const course = async (readAt: readonly number[]) => {
      const meter = new ReplayMeter(site, start);
      let isObeying = false;
      for (const at of [...readAt, NOON + DAY_MS].sort((left, right) => left - right)) {
        if (at >= obeyAt && !isObeying) meter.obey(control, obeyAt);
        isObeying ||= at >= obeyAt;
        await meter.read(at);
      }
      return meter.read(NOON + DAY_MS);
    };
    const expected = await course([]);
    const instants = fc.array(fc.integer({ min: NOON, max: NOON + DAY_MS }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(instants, async (readAt) => {
        expect(await course(readAt)).toEqual(expected);
      }),
    );
  });

  it("keeps a limit from its start to its end, and shows the rebound afterwards", async () => {
    const meter = new ReplayMeter({ ...site, pv: PowerSeries.constant(0n) }, start);
    const free = new ReplayMeter({ ...site, pv: PowerSeries.constant(0n) }, start);
    meter.obey(limits(NOON + QUARTER_MS, NOON + 2 * QUARTER_MS, 300n), NOON);
    const powers = [];
    for (let minute = 0; minute < 40; minute++) powers.push((await meter.read(NOON + minute * 60_000)).powerW);
    expect(powers.slice(0, 15)).toEqual(Array(15).fill(4_000n));
    expect(powers.slice(15, 30)).toEqual(Array(15).fill(300n));
    expect(powers[31]).toBeGreaterThan((await free.read(NOON + 31 * 60_000)).powerW);
  });

  it("answers for past boundaries from its load profile, and says when it does not know an instant", async () => {
    const meter = new ReplayMeter(site, start);
    const atBoundary = await meter.read(NOON + QUARTER_MS);
    await meter.read(NOON + DAY_MS);
    expect(await meter.read(NOON + QUARTER_MS)).toEqual(atBoundary);
    await expect(meter.read(NOON + QUARTER_MS + 1)).rejects.toMatchObject({ code: "METER_INSTANT_UNKNOWN" });
  });

  it("keeps 40 days of boundaries and no more", async () => {
    const meter = new ReplayMeter({ ...site, resources: [] }, start);
    await meter.read(NOON + 3_840 * QUARTER_MS);
    expect((await meter.read(NOON + QUARTER_MS)).importWh).toBe(1_000n);
    await expect(meter.read(NOON)).rejects.toMatchObject({ code: "METER_INSTANT_UNKNOWN" });
  });

  it("does not change what has been read when a setpoint comes late", async () => {
    const meter = new ReplayMeter(site, start);
    const read = await meter.read(NOON + 300_000);
    meter.obey(limits(NOON, NOON + QUARTER_MS, 0n), NOON + 200_000);
    expect(await meter.read(NOON + 300_000)).toMatchObject({ importWh: read.importWh, exportWh: read.exportWh });
  });
});
