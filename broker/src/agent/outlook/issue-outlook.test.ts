import { FORECAST_MODEL_VERSION } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { MINUTE_MS, openBench } from "../test/scenarios.ts";
import { SUMMED_PER_TICK_MAX } from "./issue-outlook.ts";
import { openOutlooks } from "./issued-store.ts";
import type { Outlook } from "./outlook.ts";

const HOUR_MS = 60 * MINUTE_MS;

async function outlooksAfter(minutes: number): Promise<{ outlooks: Outlook[]; startedAtUnixMs: number }> {
  const bench = await openBench({ a: {}, b: {} }, 0n);
  const startedAtUnixMs = bench.clock.nowUnixMs();
  await bench.runUntil(startedAtUnixMs + minutes * MINUTE_MS);
  const store = await openOutlooks(bench.disk);
  const outlooks = await Promise.all(
    store.issuedAt().map(async (issuedAt) => {
      const bytes = (await bench.disk.read(`outlooks/${issuedAt}.json`)) ?? new Uint8Array();
      return JSON.parse(Buffer.from(bytes).toString()) as Outlook;
    }),
  );
  return { outlooks, startedAtUnixMs };
}

describe("the outlook of a node", () => {
  it("forecasts the sum of the devices for a day, and keeps what was known when", async () => {
    const { outlooks, startedAtUnixMs } = await outlooksAfter(1);
    expect(outlooks).toHaveLength(1);
    expect(outlooks[0]).toMatchObject({
      issuedAtUnixMs: startedAtUnixMs,
      dataUntilUnixMs: startedAtUnixMs,
      modelVersion: FORECAST_MODEL_VERSION,
      inputHashHex: expect.stringMatching(/^[0-9a-f]{64}$/),
      deviceCount: 2,
      summedCount: 2,
      forecast: { startUnixMs: startedAtUnixMs, mtuMs: 15 * MINUTE_MS },
    });
    const { expectedW = [], lowerW = [], upperW = [] } = outlooks[0]?.forecast ?? {};
    expect(expectedW).toHaveLength(96);
    expect(expectedW.every((power, unit) => power >= (lowerW[unit] ?? 0) && power <= (upperW[unit] ?? 0))).toBe(true);
    // Each device draws 250 Wh in a quarter of an hour, all day long.
    expect(expectedW[0]).toBeCloseTo(2_000, -1);
  });

  it("issues the next one when the last is six hours old, and none before", async () => {
    const { outlooks, startedAtUnixMs } = await outlooksAfter(6 * 60);
    expect(outlooks.map(({ issuedAtUnixMs }) => issuedAtUnixMs)).toEqual([
      startedAtUnixMs,
      startedAtUnixMs + 6 * HOUR_MS,
    ]);
  });

  it("reads so many histories with a tick, and one more with the next", async () => {
    const ids = Array.from({ length: SUMMED_PER_TICK_MAX + 1 }, (_, index) => `d${index}`);
    const bench = await openBench(Object.fromEntries(ids.map((id) => [id, {}])), 0n);
    await bench.agent().tick();
    expect(bench.agent().forecasts().outlook).toBeUndefined();
    expect(bench.agent().prosumers()).toHaveLength(SUMMED_PER_TICK_MAX);
    await bench.agent().tick();
    expect(bench.agent().forecasts().outlook?.summedCount).toBe(SUMMED_PER_TICK_MAX + 1);
  });

  it("lets the agent states learn the days of their prosumers on the way", async () => {
    const bench = await openBench({ a: {}, b: {} }, 0n);
    await bench.runUntil(bench.clock.nowUnixMs());
    const [state] = bench.agent().prosumers();
    expect(state?.prosumerId).toBe("a");
    // 200 W by night, 1,000 W by day, of which the relay can shed 600 W.
    expect([state?.profile?.workdayW[3], state?.profile?.workdayW[12]]).toEqual([200, 1_000]);
    expect(state?.hours[12]).toEqual({ presentPerMille: 1_000, reduceW: 600, increaseW: 0 });
    expect(state?.hours[3]?.reduceW).toBe(0);
  });
});
