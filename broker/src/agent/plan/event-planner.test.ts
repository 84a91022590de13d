import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import { describe, expect, it } from "vitest";
import type { ChoiceInputs, Dispatcher } from "../dispatch/index.ts";
import { AgentBench, drRequest, START } from "../test/agent-bench.ts";
import { FakeEvidence } from "../test/fake-evidence.ts";
import { MINUTE_MS } from "../test/scenarios.ts";
import { PLANNING_UNITS_PER_TICK } from "./event-planner.ts";

const HISTORIES_PER_TICK_MAX = PLANNING_UNITS_PER_TICK;
/** A device that has to be forecast is five times the work of one whose forecast is kept. */
const FORECASTS_PER_TICK_MAX = PLANNING_UNITS_PER_TICK / 5;

/** Counts histories: questions for more instants than the few that a running event asks for. */
class CountingEvidence extends FakeEvidence {
  histories: string[] = [];

  override async registersAt(deviceId: string, atUnixMs: readonly number[]) {
    if (atUnixMs.length > 100) this.histories.push(deviceId);
    return await super.registersAt(deviceId, atUnixMs);
  }
}

/** A bench of that many devices whose outlook is made, so that planning alone reads histories. */
async function benchOf(deviceCount: number, forecastProsumersMax: number) {
  const ids = Array.from({ length: deviceCount }, (_, index) => `d${String(index).padStart(3, "0")}`);
  const bench = new AgentBench(Object.fromEntries(ids.map((id) => [id, {}])), { forecastProsumersMax });
  const evidence = new CountingEvidence(bench.devices, bench.clock);
  await bench.open({ evidence });
  for (let minute = 0; minute <= forecastProsumersMax; minute += 1) await bench.agent().tick();
  // The outlook of a hundred devices takes three ticks.
  for (let tick = 0; tick < Math.ceil(deviceCount / 40); tick += 1) await bench.agent().tick();
  evidence.histories = [];
  /** One tick, and what planning looked at in it. */
  const tick = async () => {
    evidence.histories = [];
    await bench.agent().tick();
    return evidence.histories.length;
  };
  return { bench, ids, tick };
}

describe("the planning of an event", () => {
  it("looks at few devices in a tick, and at fewer that have to be forecast", async () => {
    const { bench, ids, tick } = await benchOf(20, 0);
    bench.aggregator.requests.push(drRequest(200n));
    const waiting: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      expect(await tick()).toBeLessThanOrEqual(FORECASTS_PER_TICK_MAX);
      waiting.push(bench.agent().planningDevices());
    }
    expect(waiting).toEqual([20 - FORECASTS_PER_TICK_MAX, 20 - 2 * FORECASTS_PER_TICK_MAX, 0]);
    const { candidates } = (await bench.agent().explain("peak.district"))?.record ?? {};
    expect(candidates?.map(({ deviceId }) => deviceId)).toEqual(ids);
  });

  it("holds the history that it has begun to use, before there is an event that could say so", async () => {
    const { bench, tick } = await benchOf(20, 0);
    expect(bench.agent().evidenceNeededSinceUnixMs()).toBe(Number.POSITIVE_INFINITY);
    bench.aggregator.requests.push(drRequest(200n));
    await tick();
    expect(bench.agent().events()).toEqual([]);
    const needed = bench.agent().evidenceNeededSinceUnixMs();
    expect(needed).toBe(START - HISTORY_DAYS * 24 * 60 * MINUTE_MS);
    bench.aggregator.requests.pop();
    await tick();
    expect(bench.agent().evidenceNeededSinceUnixMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("reuses the forecasts that are kept, with what they were made from", async () => {
    const { bench, tick } = await benchOf(HISTORIES_PER_TICK_MAX + 1, HISTORIES_PER_TICK_MAX + 1);
    const kept = bench.agent().forecasts().prosumers;
    expect(kept).toHaveLength(HISTORIES_PER_TICK_MAX + 1);
    bench.aggregator.requests.push(drRequest(200n));
    expect(await tick()).toBe(HISTORIES_PER_TICK_MAX);
    expect(bench.agent().events()).toEqual([]);
    expect(await tick()).toBe(1);
    const { candidates = [] } = (await bench.agent().explain("peak.district"))?.record ?? {};
    expect(candidates.map(({ historyHashHex }) => historyHashHex)).toEqual(kept.map((each) => each.inputHashHex));
    // Each device draws 1,000 W by day.
    expect(candidates[0]?.forecastWh).toEqual([250n, 250n, 250n, 250n]);
  });

  it("forecasts anew for an event beyond what the kept forecasts cover", async () => {
    const { bench, tick } = await benchOf(10, 10);
    const dayAfter = drRequest(200n).intervals.map(({ startUnixMs, endUnixMs }) => ({
      startUnixMs: startUnixMs + 24 * 60 * MINUTE_MS,
      endUnixMs: endUnixMs + 24 * 60 * MINUTE_MS,
    }));
    bench.aggregator.requests.push(drRequest(200n, { intervals: dayAfter }));
    expect(await tick()).toBe(FORECASTS_PER_TICK_MAX);
    expect(await tick()).toBe(10 - FORECASTS_PER_TICK_MAX);
    expect(bench.event().phase).not.toBe("refused");
  });

  it("chooses from those that it has looked at when the answer is due, and says so of the others", async () => {
    const { bench, tick } = await benchOf(20, 0);
    bench.aggregator.requests.push(drRequest(200n, { respondByUnixMs: START - 60 * MINUTE_MS }));
    await tick();
    const { record, explanations = [] } = (await bench.agent().explain("peak.district")) ?? {};
    expect(record?.candidates).toHaveLength(FORECASTS_PER_TICK_MAX);
    expect(record?.passedOver.map(({ reason }) => reason)).toEqual(new Array(12).fill("no_time"));
    expect(explanations.at(-1)?.reasons).toEqual(["the answer was due before it was looked at"]);
  });

  it("plans one request after the other, and forgets one that is withdrawn", async () => {
    const { bench, tick } = await benchOf(20, 0);
    const second = drRequest(200n, { requestId: "next.district", contractId: "next.district", eventId: "next" });
    bench.aggregator.requests.push(drRequest(200n), second);
    await tick();
    bench.aggregator.requests.shift();
    for (let count = 0; count < 3; count += 1) await tick();
    expect(
      bench
        .agent()
        .events()
        .map(({ request }) => request.requestId),
    ).toEqual(["next.district"]);
  });

  it("takes greedy orders half a minute before the answer is due when no others are there, and keeps why", async () => {
    const begun: ChoiceInputs[] = [];
    const dispatcher: Dispatcher = {
      begin: (inputs) => void begun.push(inputs),
      choice: () => undefined,
      close: async () => undefined,
    };
    const bench = new AgentBench({ a: {}, b: {}, c: {} });
    await bench.open({ dispatcher });
    const respondByUnixMs = bench.clock.nowUnixMs() + 2 * MINUTE_MS;
    bench.aggregator.requests.push(drRequest(200n, { respondByUnixMs }));
    await bench.agent().tick();
    await bench.clock.advanceTo(respondByUnixMs - MINUTE_MS / 2 - 1);
    await bench.agent().tick();
    expect(bench.agent().events()).toEqual([]);
    expect(begun).toHaveLength(1);
    await bench.clock.advanceTo(respondByUnixMs - MINUTE_MS / 2);
    await bench.agent().tick();
    const { record } = (await bench.agent().explain("peak.district")) ?? {};
    expect(record?.way).toEqual({ way: "fallback", reason: "no_time" });
    expect(record?.plan.length).toBeGreaterThan(0);
    expect(bench.agent().choices()).toMatchObject([{ way: "fallback" }]);
  });

  it("answers with the cheapest orders, and keeps what they were expected to cost", async () => {
    const { bench, tick } = await benchOf(4, 0);
    bench.aggregator.requests.push(drRequest(200n));
    await tick();
    const { record } = (await bench.agent().explain("peak.district")) ?? {};
    expect(["optimised", "confirmed"]).toContain(record?.way?.way);
    expect(record?.candidates[0]?.offer).toMatchObject({ priceMicroPerWh: 48n, kwhPayMicro: 48_000n });
  });
});
