import { FORECAST_MODEL_VERSION } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { AgentBench } from "../test/agent-bench.ts";
import { MINUTE_MS } from "../test/scenarios.ts";
import { openForecasts } from "./issued-store.ts";

async function benchWith(forecastProsumersMax: number): Promise<AgentBench> {
  const bench = new AgentBench({ a: {}, b: {}, c: {} }, { forecastProsumersMax });
  await bench.open();
  return bench;
}

describe("the forecasts of single prosumers", () => {
  it("are made one with each tick, and kept when the round is through, with what was known when", async () => {
    const bench = await benchWith(1_000);
    const issuedAtUnixMs = bench.clock.nowUnixMs();
    await bench.runUntil(issuedAtUnixMs + MINUTE_MS);
    expect(
      bench
        .agent()
        .forecasts()
        .prosumers.map(({ deviceId }) => deviceId),
    ).toEqual(["a", "b"]);
    expect((await openForecasts(bench.disk)).newest()).toBeUndefined();
    await bench.runUntil(issuedAtUnixMs + 2 * MINUTE_MS);
    const newest = (await openForecasts(bench.disk)).newest();
    const dataUntilUnixMs = issuedAtUnixMs;
    expect(newest).toMatchObject({ issuedAtUnixMs, dataUntilUnixMs, modelVersion: FORECAST_MODEL_VERSION });
    expect(newest?.forecasts.map(({ deviceId }) => deviceId)).toEqual(["a", "b", "c"]);
    expect(newest?.forecasts[0]?.inputHashHex).toMatch(/^[0-9a-f]{64}$/);
    expect(newest?.forecasts[0]?.forecast.expectedW[0]).toBeCloseTo(1_000, -1);
  });

  it("are known again after a restart", async () => {
    const bench = await benchWith(1_000);
    await bench.runUntil(bench.clock.nowUnixMs() + 2 * MINUTE_MS);
    const before = bench.agent().forecasts().prosumers;
    await bench.open();
    expect(bench.agent().forecasts().prosumers).toEqual(before);
  });

  it("are made for as many as may be, and not for one more", async () => {
    const bench = await benchWith(2);
    await bench.runUntil(bench.clock.nowUnixMs() + 5 * MINUTE_MS);
    expect(
      bench
        .agent()
        .forecasts()
        .prosumers.map(({ deviceId }) => deviceId),
    ).toEqual(["a", "b"]);
  });

  it("begin when there is a device, and take in newcomers within an hour", async () => {
    const bench = new AgentBench({ a: {}, b: {} }, { forecastProsumersMax: 9 });
    let count = 0;
    const devices = () => [...bench.devices.values()].slice(0, count).map((device) => device.callable());
    await bench.open({ devices });
    const started = bench.clock.nowUnixMs();
    const forecast = () =>
      bench
        .agent()
        .forecasts()
        .prosumers.map(({ deviceId }) => deviceId);
    await bench.runUntil(started + MINUTE_MS);
    expect(forecast()).toEqual([]);
    count = 1;
    await bench.runUntil(started + 3 * MINUTE_MS);
    expect(forecast()).toEqual(["a"]);
    count = 2;
    await bench.runUntil(started + 30 * MINUTE_MS);
    expect(forecast()).toEqual(["a"]);
    await bench.runUntil(started + 65 * MINUTE_MS);
    expect(forecast()).toEqual(["a", "b"]);
  });
});
