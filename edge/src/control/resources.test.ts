import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PowerSeries, WATT_MS_PER_WH } from "../profile/index.ts";
import { Battery } from "./battery.ts";
import { Dimmer } from "./dimmer.ts";
import { Ev } from "./ev.ts";
import { HeatPump } from "./heat-pump.ts";
import { Relay } from "./relay.ts";
import type { Cell, ResourceModel } from "./resource-model.ts";
import { createResourceModel, describeResource, type ResourceSpec } from "./resource-spec.ts";

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2016, 0, 28, 12);
const load = PowerSeries.constant(2_000n);

function minute(index: number, isLimited: boolean): Cell {
  const startUnixMs = NOON + index * MINUTE_MS;
  return { startUnixMs, endUnixMs: startUnixMs + MINUTE_MS, isLimited, isBalanced: false };
}

/** Lives through one minute; `needW` > 0 asks for that reduction. */
function live(model: ResourceModel, index: number, needW = 0n): bigint {
  const cell = minute(index, needW > 0n);
  const wantedW = model.wantedW(cell);
  const powerW = needW > 0n ? model.reducedW(cell, { wantedW, needW }) : wantedW;
  model.advance(cell, powerW);
  return powerW;
}

describe("Relay", () => {
  it("gives all or nothing and stays open for a market time unit", () => {
    const relay = new Relay({ kind: "relay", resourceId: "r", load });
    expect(live(relay, 0, 1n)).toBe(0n);
    expect(live(relay, 14)).toBe(0n);
    expect(live(relay, 15)).toBe(2_000n);
    expect(relay.isAtRest(NOON + 15 * MINUTE_MS)).toBe(true);
  });
});

describe("Dimmer", () => {
  const dimmer = new Dimmer({ kind: "dimmer", resourceId: "d", load, depthPerMille: 700n });

  it("gives just what is needed", () => expect(live(dimmer, 0, 300n)).toBe(1_700n));

  it("never goes below its depth", () => expect(live(dimmer, 0, 9_999n)).toBe(600n));
});

describe("HeatPump", () => {
  const spec = {
    kind: "heat_pump",
    resourceId: "h",
    load,
    ratedW: 3_000n,
    thermalWhPerKelvin: 1_000n,
    comfortMilliKelvinMax: 1_500n,
    timeConstantMs: 72_000_000n,
  } as const;

  it("switches off until the comfort limit is reached and then takes what keeps it there", () => {
    const pump = new HeatPump(spec);
    const powers = Array.from({ length: 120 }, (_, index) => live(pump, index, 2_000n));
    expect(powers[0]).toBe(0n);
    // 1.5 kWh put off at 2 kW lasts 45 minutes, a little longer for the heat that a cooler building does not lose.
    expect(powers.findIndex((powerW) => powerW > 0n)).toBe(45);
    expect(powers.at(-1)).toBeGreaterThan(1_900n);
  });

  it("brings the heat back afterwards within its rating and then rests", () => {
    const pump = new HeatPump(spec);
    for (let index = 0; index < 30; index++) live(pump, index, 2_000n);
    const rebound = Array.from({ length: 900 }, (_, index) => live(pump, 30 + index));
    expect(rebound[0]).toBeGreaterThan(2_000n);
    expect(rebound.every((powerW) => powerW <= 3_000n)).toBe(true);
    expect(pump.isAtRest()).toBe(true);
    const extraWattMs = rebound.reduce((sum, powerW) => sum + (powerW - 2_000n) * 60_000n, 0n);
    expect(extraWattMs).toBeLessThan(1_000n * WATT_MS_PER_WH);
    expect(extraWattMs).toBeGreaterThan(900n * WATT_MS_PER_WH);
  });

  it("does not catch up while a limit holds", () => {
    const pump = new HeatPump(spec);
    live(pump, 0, 2_000n);
    expect(pump.wantedW(minute(1, true))).toBe(2_000n);
  });
});

describe("Battery", () => {
  const spec = {
    kind: "battery",
    resourceId: "b",
    powerWMax: 5_000n,
    energyWhMax: 6_400n,
    efficiencyPerMille: 950n,
  } as const;

  it("discharges within its power until its reserve", () => {
    const battery = new Battery(spec);
    const powers = Array.from({ length: 120 }, (_, index) => live(battery, index, 9_000n));
    expect(powers[0]).toBe(-5_000n);
    const givenWattMs = powers.reduce((sum, powerW) => sum - powerW * 60_000n, 0n);
    expect(givenWattMs / WATT_MS_PER_WH).toBe(5_760n);
    expect(powers.at(-1)).toBe(0n);
  });

  it("recharges slowly what it gave, with its losses, and then rests", () => {
    const battery = new Battery(spec);
    live(battery, 0, 5_000n);
    expect(battery.isAtRest()).toBe(false);
    const powers = Array.from({ length: 10 }, (_, index) => live(battery, 1 + index));
    expect(powers[0]).toBe(1_000n);
    // 5 kW for a minute come back as 5 / 0.95 kW.
    expect(powers.reduce((sum, powerW) => sum + powerW)).toBe(5_264n);
    expect(battery.isAtRest()).toBe(true);
  });
});

describe("Ev", () => {
  it("puts charging off and has it all done at departure", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 3_700n }), { minLength: 240, maxLength: 240 }), (needs) => {
        // It would charge at 2 kW from 12:00 on; the driver leaves at 16:00; half of the time somebody asks for less.
        const ev = new Ev({ kind: "ev", resourceId: "e", load, ratedW: 3_700n, departureMinuteOfDay: 16 * 60 });
        const powers = needs.map((needW, index) => live(ev, index, index % 2 === 0 ? needW : 0n));
        const chargedW = powers.reduce((sum, powerW) => sum + powerW);
        expect(powers.every((powerW) => powerW >= 0n && powerW <= 3_700n)).toBe(true);
        expect(chargedW).toBeGreaterThanOrEqual(240n * 2_000n);
        expect(chargedW).toBeLessThan(240n * 2_001n);
      }),
    );
  });

  it("refuses to go lower when the rest of the time is just enough", () => {
    const ev = new Ev({ kind: "ev", resourceId: "e", load, ratedW: 2_000n, departureMinuteOfDay: 16 * 60 });
    expect(live(ev, 0, 2_000n)).toBe(2_000n);
  });
});

describe("describeResource", () => {
  const cases: [ResourceSpec, bigint, bigint][] = [
    [{ kind: "relay", resourceId: "r", load }, 2_000n, 0n],
    [{ kind: "dimmer", resourceId: "d", load, depthPerMille: 500n }, 1_000n, 0n],
    [
      { kind: "battery", resourceId: "b", powerWMax: 5_000n, energyWhMax: 1_000n, efficiencyPerMille: 900n },
      5_000n,
      900n,
    ],
    [{ kind: "ev", resourceId: "e", load, ratedW: 3_700n, departureMinuteOfDay: 420 }, 3_700n, 0n],
  ];

  it.each(cases)("says of each kind what can be taken from it: %o", (spec, reduceWMax, reduceWhMax) => {
    const kind = createResourceModel(spec).kind;
    expect(describeResource(spec)).toEqual({ resourceId: spec.resourceId, kind, reduceWMax, reduceWhMax });
  });
});
