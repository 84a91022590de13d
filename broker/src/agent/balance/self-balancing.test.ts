import { decode, encode, RESOURCE_KIND } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { type AgentBench, drRequest, END, QUARTER_MS, START } from "../test/agent-bench.ts";
import { FakeEvidence } from "../test/fake-evidence.ts";
import { MINUTE_MS, openBench } from "../test/scenarios.ts";
import { BALANCE_EVENT_ID } from "./balance-unit.ts";
import { planFeeder, UNBOUNDED_W } from "./plan-feeder.ts";
import { SelfBalancing } from "./self-balancing.ts";

const FULL = {
  storedWh: 2_000n,
  storedWhMax: 2_000n,
  storageWMax: 1_000n,
  efficiencyPerMille: 1_000,
  waitingWh: 0n,
  loadW: 0n,
  loadWMax: 0n,
  movedWh: 0n,
  opening: 1,
};

function stated(atUnixMs: number) {
  return { ...FULL, statedAtUnixMs: BigInt(atUnixMs), readyByUnixMs: BigInt(atUnixMs) };
}

/** Lets device `a` state at each boundary that it takes part. */
async function runStating(bench: AgentBench, untilUnixMs: number): Promise<void> {
  await bench.runUntil(untilUnixMs, async () => {
    const nowUnixMs = bench.clock.nowUnixMs();
    if (nowUnixMs % QUARTER_MS === 0) bench.agent().receiveBalance("a", encode("BalanceStatement", stated(nowUnixMs)));
  });
}

function bandsOf(bench: AgentBench, deviceId: string) {
  const setpoints = (bench.devices.get(deviceId)?.received ?? [])
    .filter(({ channel }) => channel === "setpoint")
    .map(({ bytes }) => decode("Setpoint", bytes));
  return setpoints.filter(({ eventId }) => eventId === BALANCE_EVENT_ID).flatMap(({ limits }) => limits);
}

describe("self-balancing and events", () => {
  it("rests what an event counts on until it is caught up on, and asks nobody who stated nothing", async () => {
    const bench = await openBench({ a: {}, b: {}, c: {} }, 200n, { reboundMs: 2 * QUARTER_MS });
    await runStating(bench, END + 3 * QUARTER_MS + 5 * MINUTE_MS);
    const bands = bandsOf(bench, "a");
    expect(bandsOf(bench, "b")).toEqual([]);
    const resting = bands.filter(({ startUnixMs }) => {
      return Number(startUnixMs) >= START - 2 * QUARTER_MS && Number(startUnixMs) < END + 2 * QUARTER_MS;
    });
    expect(resting.length).toBeGreaterThanOrEqual(6);
    for (const { importWMax, balance } of resting) {
      expect([importWMax, balance?.importWMin]).toEqual([BigInt(UNBOUNDED_W), -BigInt(UNBOUNDED_W)]);
    }
    const outcomes = new Map(
      bench
        .agent()
        .balance()
        .units()
        .map((unit) => [unit.startUnixMs, unit.feeders[0]?.outcome]),
    );
    expect(outcomes.get(START)).toBe("held");
    expect(outcomes.get(END + QUARTER_MS)).toBe("held");
    expect(outcomes.get(END + 2 * QUARTER_MS)).toBe("planned");
  });

  it("does nothing at all on a node where nobody takes part", async () => {
    const bench = await openBench({ a: {}, b: {} });
    await bench.runUntil(START - 30 * MINUTE_MS);
    expect(bench.agent().balance().units()).toEqual([]);
    expect(await bench.disk.list("balance")).toEqual([]);
  });

  it("leaves a feeder alone where it cannot know what it will draw, and where nobody takes part", async () => {
    const bench = await openBench({ a: {}, b: {} });
    const [a, b] = [...bench.devices.values()];
    const evidence = new FakeEvidence(bench.devices, bench.clock);
    const youngSinceUnixMs = START - 60 * MINUTE_MS;
    await bench.open({
      devices: () => [a?.callable("young"), b?.callable("quiet")].filter((device) => device !== undefined),
      evidence: {
        boundaryEvidence: (deviceId, atUnixMs) => evidence.boundaryEvidence(deviceId, atUnixMs),
        registersAt: async (deviceId, atUnixMs) => {
          const values = await evidence.registersAt(deviceId, atUnixMs);
          return values.map((value) => (value !== undefined && value.atUnixMs >= youngSinceUnixMs ? value : undefined));
        },
      },
    });
    await runStating(bench, START - 40 * MINUTE_MS);
    expect(bench.agent().balance().units().at(-1)?.feeders).toEqual([
      { feeder: "young", outcome: "no_forecast" },
      { feeder: "quiet", outcome: "no_members" },
    ]);
    expect(bandsOf(bench, "a")).toEqual([]);
  });
});

describe("what an event may count on", () => {
  it("is the power that what is stored carries through it", async () => {
    const bench = await openBench({ a: {} });
    const balance = await SelfBalancing.open({ mtuMs: QUARTER_MS }, bench.disk);
    const battery = { resourceId: "b", kind: RESOURCE_KIND.BATTERY, reduceWMax: 5_000n, reduceWhMax: 9_000n };
    const relay = { resourceId: "r", kind: RESOURCE_KIND.RELAY, reduceWMax: 5_000n, reduceWhMax: 0n };
    const device = { deviceId: "a", feeder: "f", certificatePem: "", resources: [battery, relay] };
    const { intervals } = drRequest(1n);
    expect(balance.available(device, intervals)).toEqual([battery, relay]);
    balance.receive("a", encode("BalanceStatement", stated(START)));
    // 2,000 Wh over an hour.
    expect(balance.available(device, intervals)).toEqual([{ ...battery, reduceWMax: 2_000n }, relay]);
  });
});

describe("a feeder's plan", () => {
  it("takes no more than a member's own surplus unless the feeder has just had some", async () => {
    const { loadSolver } = await import("@gridpact/flexibility");
    const highs = await loadSolver();
    const outlook = (deficit: number, surplus: number) => ({
      deficitKwh: Float64Array.from({ length: 96 }, (_, unit) => (unit === 0 ? deficit : 0.2)),
      surplusKwh: Float64Array.from({ length: 96 }, (_, unit) => (unit === 0 ? surplus : 0)),
    });
    const members = [
      { deviceId: "roof", outlook: outlook(0, 2), statement: undefined },
      { deviceId: "home", outlook: outlook(0.1, 0), statement: { ...stated(START), storedWh: 0n } },
    ];
    const plan = (wasSending: boolean) =>
      planFeeder(highs, { members, startUnixMs: START, mtuMs: QUARTER_MS, drawnWhMax: 0, wasSending }).get("home");
    expect(plan(true)?.importWMin).toBe(1_400);
    expect(plan(false)?.importWMin).toBe(0);
  });
});
