import { describe, expect, it } from "vitest";
import { acceptanceDocument, sha256OfJson } from "./document/index.ts";
import { AgentBench, drRequest, END, QUARTER_MS, START } from "./test/agent-bench.ts";
import { FOUR_SOUND, MINUTE_MS, openBench, SETTLED, sc1, setpointsOf } from "./test/scenarios.ts";

describe("the agent, when all goes well,", () => {
  it("serves a request from answer to receipts", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(SETTLED);
    expect(bench.event().phase).toBe("completed");
    expect(sc1(bench)?.settlement).toMatchObject({
      outcome: "success",
      deliveredWh: 800n,
      rearrangedWh: 0n,
      penaltyMicro: 0n,
    });
    expect(bench.chain.effects).toEqual([
      "sc1:SetupDR",
      "sc1:AcceptReduction",
      "sc2:SetupDRBatch",
      "sc2:AcceptReduction",
      "sc2:AcceptReduction",
      "sc2:SettleDRBatch",
      "sc1:SettleDR",
      "sc1:SettleDR",
      "sc1:DRCompletion",
      "sc1:DRCompletion",
    ]);
    expect(bench.agent().failedSteps()).toBe(0);
  });

  it("keeps and judges its choice, and teaches the agent states what came of it", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(SETTLED + 130 * MINUTE_MS);
    const { record, explanations } = (await bench.agent().explain("peak.district")) ?? {};
    expect(record?.planHashHex).toBe(sc1(bench)?.commitment?.planHashHex);
    expect(explanations?.map(({ deviceId, verdict }) => [deviceId, verdict])).toEqual([
      ["a", "called"],
      ["b", "called"],
      ["c", "reserve"],
      ["d", "reserve"],
    ]);
    // 207 Wh a quarter arrive and are paid for at 48, of which 200 were requested at 60.
    const actualMicro = 4n * (200n * 60n - 207n * 48n);
    const best = 4n * 200n * 12n;
    expect(record?.value).toEqual({ actualMicro, greedyMicro: best, clairvoyantMicro: best });
    const [a, , c] = bench.agent().prosumers();
    expect(a?.traces).toMatchObject([{ eventId: "peak", orderedWh: 480, deliveredWh: 480, reboundPerMille: 0 }]);
    expect(c?.traces).toMatchObject([{ offeredWh: 480, orderedWh: 0, reboundPerMille: null }]);
    expect(a?.responseLagMs).toEqual({ value: 0, count: 1 });
  });

  it("describes its prosumers to the aggregator, again when an event taught something, and not otherwise", async () => {
    const bench = await openBench(FOUR_SOUND);
    const described = () => bench.aggregator.described.map(({ prosumerId, events }) => [prosumerId, events.length]);
    await bench.runUntil(START - 55 * MINUTE_MS);
    expect(described().map(([prosumerId]) => prosumerId)).toEqual(["a", "b", "c", "d"]);
    expect(bench.aggregator.described[0]).toMatchObject({ feeder: "feeder-1", capacityW: 600, wattPerKelvin: null });
    expect(bench.aggregator.described[0]?.dayW).toHaveLength(48);
    expect(bench.agent().clusterGuidance()).toBe(bench.aggregator.guidance);
    await bench.runUntil(SETTLED + 3 * MINUTE_MS);
    expect(described().slice(4)).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 0],
      ["d", 0],
    ]);
  });

  it("nominates what it can, and proves what it accepted", async () => {
    const bench = await openBench(FOUR_SOUND, 1_000n);
    await bench.runUntil(START - 50 * MINUTE_MS);
    const response = bench.aggregator.responses.get("peak.district");
    // Each device draws 250 Wh a quarter, 50 of it standby or beyond its relay; four fifths of the rest are offered.
    expect(response).toMatchObject({ isAccepted: true, nominatedWh: [480n, 480n, 480n, 480n] });
    expect(response?.acceptanceProofHashHex).toBe(sha256OfJson(acceptanceDocument(bench.event())));
  });

  it("commits the baselines of all candidates before the event, those of later replacements too", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(START - 50 * MINUTE_MS);
    const baselines = sc1(bench)?.commitment?.baselines ?? {};
    expect(Object.keys(baselines)).toEqual(["a", "b", "c", "d"]);
    expect(baselines["d"]).toEqual([250n, 250n, 250n, 250n]);
  });

  it("limits each chosen device to its baseline less its order, shortly before the start, and repeats it", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(START - 3 * MINUTE_MS);
    expect(setpointsOf(bench, "a")).toEqual([]);
    await bench.runUntil(START + 5 * MINUTE_MS);
    const [first, ...repeated] = setpointsOf(bench, "a");
    expect(first?.limits[0]).toEqual({
      balance: null,
      startUnixMs: BigInt(START),
      endUnixMs: BigInt(START + QUARTER_MS),
      importWMax: 520n,
    });
    expect(first?.limits).toHaveLength(4);
    expect(repeated.length).toBeGreaterThan(3);
    expect(new Set(repeated.map(({ revision }) => revision))).toEqual(new Set([first?.revision]));
    expect(setpointsOf(bench, "d")).toEqual([]);
  });

  it("reports each interval once it is over", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(START + QUARTER_MS - MINUTE_MS);
    expect(bench.aggregator.reports.size).toBe(0);
    await bench.runUntil(START + 2 * QUARTER_MS);
    expect(bench.aggregator.reports.get("peak.district")).toEqual([
      { intervalIndex: 0, deliveredWh: 200n, shortfallWh: 0n },
      { intervalIndex: 1, deliveredWh: 200n, shortfallWh: 0n },
    ]);
  });

  it("writes a receipt for each device with everything that the payment follows from", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(SETTLED);
    const receipts = await bench.receipts();
    expect(receipts.map(({ deviceId }) => deviceId)).toEqual(["a", "b"]);
    const [receipt] = receipts;
    expect(receipt).toMatchObject({
      kind: "gridpact-receipt",
      eventId: "peak",
      vnId: "district",
      sc1Id: "peak.district",
      terms: { contractId: "peak:a", orderedWh: [120n, 120n, 120n, 120n], priceMicroPerWh: 48n },
      settlement: { deliveredWh: 480n, paidMicro: 23_040n },
    });
    expect(receipt?.evidence.boundaries).toHaveLength(5);
    expect(receipt?.baseline.days.map(({ localDate }) => localDate)).toEqual([
      "2016-01-27",
      "2016-01-26",
      "2016-01-25",
      "2016-01-22",
      "2016-01-21",
      "2016-01-20",
      "2016-01-19",
      "2016-01-18",
      "2016-01-15",
      "2016-01-14",
    ]);
    expect(receipt?.transactions.map(({ name }) => name)).toEqual([
      "registry:EnrolDevice",
      "sc1:AcceptReduction",
      "sc2:SetupDRBatch",
      "sc2:AcceptReduction",
      "sc2:SettleDRBatch",
      "sc1:SettleDR",
      "sc1:DRCompletion",
    ]);
    const named = [...(receipt?.transactions ?? []), ...(receipt?.anchors ?? [])].map((each) => each.blockNumber);
    expect(receipt?.blocks.map(({ number }) => number)).toEqual([...new Set(named)].sort((a, b) => a - b));
  });

  it("says that it is there, with what its devices draw and could shed", async () => {
    const bench = await openBench(FOUR_SOUND);
    await bench.runUntil(START - 58 * MINUTE_MS);
    expect(bench.aggregator.profiles).toHaveLength(3);
    expect(bench.aggregator.profiles[0]?.forecast?.expectedW).toHaveLength(96);
    expect(bench.aggregator.profiles[0]).toMatchObject({
      vnId: "district",
      feidCount: 4,
      importW: 4_000,
      reduceWMax: 2_400,
    });
  });

  it("never orders one interval of a device twice", async () => {
    const bench = await openBench(FOUR_SOUND);
    const other = { requestId: "other.district", eventId: "other", contractId: "other.district" };
    bench.aggregator.requests.push(drRequest(200n, other));
    await bench.runUntil(SETTLED);
    const first = bench.event("other.district").assignments.map(({ deviceId }) => deviceId);
    const second = bench.event().assignments.map(({ deviceId }) => deviceId);
    expect([...first, ...second].sort()).toEqual(["a", "b", "c", "d"]);
    expect(bench.event("other.district").phase).toBe("completed");
    expect(bench.event().phase).toBe("completed");
  });

  it("writes the same documents in every run", async () => {
    const play = async () => {
      const bench = await openBench({ a: { stuckFromUnixMs: START }, b: {}, c: {}, d: { refusal: "no" } });
      await bench.runUntil(SETTLED);
      return { events: bench.agent().events(), receipts: await bench.receipts(), effects: bench.chain.effects };
    };
    expect(await play()).toEqual(await play());
  });
});

describe("a receipt", () => {
  it("shows what was settled, whatever arrives later", async () => {
    const bench = await openBench({ a: { silentFromUnixMs: END }, b: {}, c: {} });
    bench.aggregator.isPaying = false;
    await bench.runUntil(END + 35 * MINUTE_MS);
    expect(bench.event().phase).toBe("settled");
    Object.assign(bench.devices.get("a")?.traits ?? {}, { silentFromUnixMs: Number.POSITIVE_INFINITY });
    bench.aggregator.isPaying = true;
    await bench.runUntil(END + 40 * MINUTE_MS);
    const [receipt] = await bench.receipts();
    expect(receipt?.deviceId).toBe("a");
    expect(receipt?.evidence.boundaries.at(-1)).toBeNull();
  });
});

describe("the agent refuses", () => {
  it("a request that no device can serve", async () => {
    const bench = new AgentBench({});
    await bench.open();
    bench.aggregator.requests.push(drRequest(200n));
    await bench.runUntil(START - 50 * MINUTE_MS);
    expect(bench.event().phase).toBe("refused");
    expect(bench.aggregator.responses.get("peak.district")).toMatchObject({
      isAccepted: false,
      reason: "none of 0 candidates can reduce anything",
    });
  });

  it.each<[string, Parameters<typeof drRequest>[1], string]>([
    ["for another node", { vnId: "offices" }, "for offices"],
    ["whose time to answer is over", { respondByUnixMs: START - 2 * 3_600_000 }, "time to answer"],
    ["without intervals", { intervals: [], orderedWh: [] }, "do not fit"],
    [
      "with intervals off the grid",
      { intervals: [{ startUnixMs: START + 1, endUnixMs: END }], orderedWh: [1n] },
      "whole market time units",
    ],
    [
      "that has begun",
      { intervals: [{ startUnixMs: START - 4 * QUARTER_MS, endUnixMs: START - 3 * QUARTER_MS }], orderedWh: [1n] },
      "has begun",
    ],
  ])("a request %s", async (_, changes, reason) => {
    const bench = new AgentBench(FOUR_SOUND);
    await bench.open();
    bench.aggregator.requests.push(drRequest(200n, changes));
    await bench.runUntil(START - 55 * MINUTE_MS);
    expect(bench.event().phase).toBe("refused");
    expect(bench.event().reason).toContain(reason);
  });

  it("an SC1 with other terms than those it accepted", async () => {
    for (const twist of [{ priceMicroPerWh: 1n }, { orderedWh: [1n, 1n, 1n, 1n] }, { penaltyCapMicro: 2_000_000n }]) {
      const bench = await openBench(FOUR_SOUND);
      bench.aggregator.twist = twist;
      await bench.runUntil(START - 50 * MINUTE_MS);
      expect(bench.event()).toMatchObject({ phase: "abandoned", reason: expect.stringContaining("SC1") });
      expect(sc1(bench)?.state).toBe("proposed");
    }
  });

  it("to go on when SC1 comes too late, never, or its answer was not taken", async () => {
    const never = await openBench(FOUR_SOUND);
    never.aggregator.isHoldingBack = true;
    await never.runUntil(START + MINUTE_MS);
    expect(never.event()).toMatchObject({ phase: "abandoned", reason: "no SC1 before the event began" });
    const late = await openBench(FOUR_SOUND);
    late.aggregator.isHoldingBack = true;
    await late.runUntil(START - MINUTE_MS);
    late.aggregator.isHoldingBack = false;
    await late.clock.advanceTo(START);
    await late.runUntil(START + MINUTE_MS);
    expect(late.event().reason).toBe("SC1 could not be accepted: SC1_LATE_ACCEPTANCE");
    const refused = await openBench(FOUR_SOUND);
    refused.aggregator.responseRefusal = Object.assign(new Error("no"), { code: "RESPONSE_TOO_LATE" });
    await refused.runUntil(START - 50 * MINUTE_MS);
    expect(refused.event().reason).toContain("RESPONSE_TOO_LATE");
  });
});
