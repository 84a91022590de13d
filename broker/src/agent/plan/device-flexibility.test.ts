import { RESOURCE_KIND, type Resource } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { QUARTER_MS, START } from "../test/agent-bench.ts";
import { forecastEnergy, reducibleEnergy, standbyEnergy } from "./device-flexibility.ts";

const RELAY: Resource = { resourceId: "r", kind: RESOURCE_KIND.RELAY, reduceWMax: 2_000n, reduceWhMax: 0n };
const BATTERY: Resource = { resourceId: "b", kind: RESOURCE_KIND.BATTERY, reduceWMax: 800n, reduceWhMax: 300n };
const DEVICE = {
  baselineWh: [250n, 250n],
  forecastWh: [250n, 250n],
  standbyWh: 50n,
  resources: [RELAY],
  mtuMs: QUARTER_MS,
  sharePerMille: 1_000,
};

describe("what a device can reduce", () => {
  it("is what its loads draw above standby", () => {
    expect(reducibleEnergy(DEVICE)).toEqual([200n, 200n]);
  });

  it("is bounded by the power of its loads", () => {
    expect(reducibleEnergy({ ...DEVICE, resources: [{ ...RELAY, reduceWMax: 400n }] })).toEqual([100n, 100n]);
  });

  it("counts against the baseline, for better or worse", () => {
    expect(reducibleEnergy({ ...DEVICE, forecastWh: [150n, 350n] })).toEqual([200n, 200n]);
    expect(reducibleEnergy({ ...DEVICE, baselineWh: [200n, 0n] })).toEqual([150n, 0n]);
  });

  it("goes below zero import with a battery, within what it holds over the event", () => {
    expect(reducibleEnergy({ ...DEVICE, resources: [{ ...BATTERY, reduceWhMax: 0n }] })).toEqual([200n, 200n]);
    expect(reducibleEnergy({ ...DEVICE, resources: [BATTERY] })).toEqual([150n, 150n]);
  });

  it("is offered in part only, as forecasts err", () => {
    expect(reducibleEnergy({ ...DEVICE, sharePerMille: 800 })).toEqual([160n, 160n]);
  });

  it("is nothing without resources, however low the forecast", () => {
    expect(reducibleEnergy({ ...DEVICE, forecastWh: [0n, 0n], resources: [] })).toEqual([0n, 0n]);
  });
});

describe("what a device is expected to draw", () => {
  const intervals = [
    { startUnixMs: START, endUnixMs: START + QUARTER_MS },
    { startUnixMs: START + QUARTER_MS, endUnixMs: START + 2 * QUARTER_MS },
  ];

  it("follows its days before", () => {
    const netWh = Array.from({ length: 14 * 96 }, () => 250n);
    const history = { startUnixMs: START - 14 * 96 * QUARTER_MS, mtuMs: QUARTER_MS, netWh };
    expect(forecastEnergy({ history, intervals })).toEqual([250n, 250n]);
  });

  it("is unknown without any reading", () => {
    const history = { startUnixMs: START - QUARTER_MS, mtuMs: QUARTER_MS, netWh: [null] };
    expect(forecastEnergy({ history, intervals })).toBeUndefined();
  });

  it("never falls below its standby, the lowest tenth of its history", () => {
    const netWh = [...Array.from({ length: 20 }, (_, index) => BigInt(index + 1)), null];
    expect(standbyEnergy({ startUnixMs: 0, mtuMs: QUARTER_MS, netWh })).toBe(3n);
    expect(standbyEnergy({ startUnixMs: 0, mtuMs: QUARTER_MS, netWh: [-5n, -5n] })).toBe(0n);
    expect(standbyEnergy({ startUnixMs: 0, mtuMs: QUARTER_MS, netWh: [] })).toBe(0n);
  });
});
