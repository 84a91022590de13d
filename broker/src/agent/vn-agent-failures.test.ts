import { describe, expect, it } from "vitest";
import { nextDeliveryPerMille } from "./prosumer/index.ts";
import { END, QUARTER_MS, START } from "./test/agent-bench.ts";
import type { DeviceTraits } from "./test/fake-device.ts";
import { FOUR_SOUND, MINUTE_MS, openBench, SETTLED, sc1, served } from "./test/scenarios.ts";

describe("the agent, when a device does not do its part,", () => {
  it("replaces one that delivers nothing from the next interval on, and pays only what was delivered", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: { stuckFromUnixMs: START } });
    await bench.runUntil(SETTLED);
    expect(served(bench)).toEqual([
      ["a", "original", 0, "accepted"],
      ["b", "original", 0, "accepted"],
      ["c", "replacement", 1, "accepted"],
    ]);
    expect(sc1(bench)?.settlement).toMatchObject({
      outcome: "partial",
      // Of 207 Wh with the policy's margin, 120 are of the device that failed.
      originalWh: 348n,
      rearrangedWh: 339n,
      deficientWh: 113n,
    });
    const settlements = (await bench.receipts()).map(({ deviceId, settlement }) => [deviceId, settlement.paidMicro]);
    expect(settlements).toEqual([
      ["a", 0n],
      // What the failing device was to deliver is moved to both, as far as each can.
      ["b", 21_456n],
      ["c", 12_096n],
    ]);
    expect(bench.chain.contracts.sc2.get("peak:a")?.settlement?.penaltyMicro).toBeGreaterThan(0n);
  });

  it("finds one that falls silent within an interval", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: { silentFromUnixMs: START + MINUTE_MS } });
    await bench.runUntil(START + 6 * MINUTE_MS);
    expect(bench.event().deliveringPerMille).toEqual({ a: 0 });
    expect(served(bench)).toContainEqual(["c", "replacement", 1, "planned"]);
  });

  it("replaces one that declines before the event starts", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: { refusal: "the owner is at home" } });
    await bench.runUntil(SETTLED);
    expect(served(bench)).toEqual([
      ["a", "original", 0, "lapsed"],
      ["b", "original", 0, "accepted"],
      ["c", "replacement", 0, "accepted"],
    ]);
    expect(bench.chain.contracts.sc2.get("peak:a")?.state).toBe("expired");
    expect(sc1(bench)?.settlement).toMatchObject({ outcome: "success", rearrangedWh: 452n });
    expect((await bench.receipts()).map(({ deviceId }) => deviceId)).toEqual(["b", "c"]);
  });

  it.each<[string, DeviceTraits]>([
    ["does not answer", { isMute: true }],
    ["signs something else", { isForging: true }],
  ])("replaces one that %s in time", async (_, traits) => {
    const bench = await openBench({ ...FOUR_SOUND, b: traits });
    await bench.runUntil(SETTLED);
    expect(served(bench)).toEqual([
      ["a", "original", 0, "accepted"],
      ["b", "original", 0, "lapsed"],
      ["c", "replacement", 0, "accepted"],
    ]);
    expect(sc1(bench)?.settlement?.outcome).toBe("success");
  });

  it("asks those at work for all that they have, and tells the aggregator what is short", async () => {
    const bench = await openBench({ a: { stuckFromUnixMs: START }, b: {} });
    await bench.runUntil(SETTLED);
    expect(bench.aggregator.reports.get("peak.district")?.map(({ shortfallWh }) => shortfallWh)).toEqual([
      113n,
      80n,
      80n,
      80n,
    ]);
    expect(sc1(bench)?.settlement).toMatchObject({ outcome: "partial", rearrangedWh: 99n, deficientWh: 353n });
  });

  it("learns from it whom to prefer next time", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: { stuckFromUnixMs: START } });
    await bench.runUntil(SETTLED);
    const states = bench.agent().prosumers();
    const memories = states.map(({ prosumerId, memory }) => [prosumerId, memory.eventCount, memory.meanRate]);
    expect(memories).toEqual([
      ["a", 1, 0],
      ["b", 1, 1],
      ["c", 1, 1],
      ["d", 0, 1],
    ]);
    const [failed = 0, ...others] = states.map(({ memory }) => nextDeliveryPerMille(memory));
    expect(failed).toBeLessThan(500);
    expect(others).toEqual([1_000, 1_000, 1_000]);
  });

  it("waits for readings that are late, and settles without those that never come", async () => {
    const bench = await openBench({ a: { silentFromUnixMs: END }, b: {}, c: {} });
    await bench.runUntil(END + 29 * MINUTE_MS);
    expect(bench.event().phase).toBe("settling");
    await bench.runUntil(END + 35 * MINUTE_MS);
    expect(bench.event().phase).toBe("completed");
    const settlement = bench.chain.contracts.sc2.get("peak:a")?.settlement;
    expect(settlement?.intervals.map(({ actualWh }) => actualWh)).toEqual([130n, 130n, 130n, null]);
  });
});

describe("the agent, when its surroundings fail,", () => {
  it("goes on when the aggregator is back", async () => {
    const bench = await openBench(FOUR_SOUND);
    bench.aggregator.isDown = true;
    await bench.runUntil(START - 40 * MINUTE_MS);
    expect(bench.agent().events()).toEqual([]);
    bench.aggregator.isDown = false;
    await bench.runUntil(START + MINUTE_MS);
    bench.aggregator.isDown = true;
    await bench.runUntil(START + 2 * QUARTER_MS);
    bench.aggregator.isDown = false;
    await bench.runUntil(SETTLED);
    expect(bench.event().phase).toBe("completed");
    expect(bench.aggregator.reports.get("peak.district")).toHaveLength(4);
    expect(bench.agent().failedSteps()).toBeGreaterThan(0);
  });

  it("goes on when the ledger is back", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(START - 59 * MINUTE_MS);
    bench.chain.isDown = true;
    await bench.runUntil(START - 40 * MINUTE_MS);
    bench.chain.isDown = false;
    await bench.runUntil(END);
    bench.chain.isDown = true;
    await bench.runUntil(END + 5 * MINUTE_MS);
    bench.chain.isDown = false;
    await bench.runUntil(SETTLED + 5 * MINUTE_MS);
    expect(sc1(bench)).toMatchObject({ state: "completed", settlement: { outcome: "success" } });
  });

  it("folds its credits before it locks money", async () => {
    const bench = await openBench(FOUR_SOUND);
    bench.chain.contracts.pendingCredits = [{ transactionId: "tx-old" }];
    await bench.runUntil(SETTLED);
    expect(bench.chain.effects.slice(0, 3)).toEqual(["sc1:SetupDR", "accounts:Consolidate", "sc1:AcceptReduction"]);
    expect(bench.event().phase).toBe("completed");
  });

  it("settles one by one when a batch is refused, and without evidence when that is refused too", async () => {
    const bench = await openBench(FOUR_SOUND);
    bench.chain.refusals["sc2:SettleDRBatch"] = ["EVIDENCE_BAD_SIGNATURE", "EVIDENCE_BAD_SIGNATURE"];
    await bench.runUntil(SETTLED);
    expect(bench.event().phase).toBe("completed");
    expect(bench.event().assignments.map(({ settleRefusals }) => settleRefusals)).toEqual([2, 1]);
    const settled = [...bench.chain.contracts.sc2.values()].map(({ settlement }) => settlement?.deliveredWh);
    expect(settled).toEqual([0n, 348n]);
  });

  it("lets the devices go that it could not offer a contract", async () => {
    const bench = await openBench(FOUR_SOUND);
    bench.chain.refusals["sc2:SetupDRBatch"] = ["ACCOUNT_INSUFFICIENT"];
    await bench.runUntil(START);
    expect(served(bench)).toEqual([
      ["a", "original", 0, "lapsed"],
      ["b", "original", 0, "lapsed"],
      ["c", "replacement", 0, "accepted"],
      ["d", "replacement", 0, "accepted"],
    ]);
  });

  it("joins a tick that is under way", async () => {
    const bench = await openBench(FOUR_SOUND);
    expect(bench.agent().tick()).toBe(bench.agent().tick());
    await bench.agent().tick();
    expect(bench.event().phase).toBe("responded");
  });
});
