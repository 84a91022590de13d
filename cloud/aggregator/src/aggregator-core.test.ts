import { describe, expect, it } from "vitest";
import { AggregatorBench } from "../test/aggregator-bench.ts";
import { acceptance, QUARTER_MS, REFUSAL, START, samplePlan } from "../test/event-samples.ts";
import { describeParted, planMoves } from "../test/parted-members.ts";

const DISTRICT = "evening-peak.district";
const OFFICES = "evening-peak.offices";
const END = START + 4 * QUARTER_MS;

async function openBench(): Promise<AggregatorBench> {
  const bench = new AggregatorBench();
  await bench.open();
  await bench.enrolNodes();
  await bench.settleDown();
  return bench;
}

/** As `openBench`, with the event planned and the district's contract accepted. */
async function runningBench(nominatedWh = [500n, 500n, 500n, 500n]): Promise<AggregatorBench> {
  const bench = await openBench();
  await bench.core().planEvent(samplePlan());
  await bench.settleDown();
  await bench.core().respond(DISTRICT, acceptance(nominatedWh));
  await bench.settleDown();
  bench.ledger.accept(DISTRICT);
  return bench;
}

function report(intervalIndex: number, deliveredWh: bigint) {
  return { intervalIndex, deliveredWh, shortfallWh: 500n - deliveredWh };
}

function states(bench: AggregatorBench) {
  return bench
    .core()
    .event("evening-peak")
    ?.requests.map(({ request, role, state }) => [request.vnId, role, state]);
}

describe("the aggregator", () => {
  it("tells each node the guidelines, and the proposed moves from it and to it", async () => {
    const bench = await openBench();
    await bench.core().enrolVirtualNode({ vnId: "village", mspId: "VnMSP", priceMicroPerWh: 90n });
    await describeParted(bench);
    expect(bench.core().clusters().newest).toBeNull();
    await planMoves(bench);
    const { newest, guidelines } = bench.core().clusters();
    expect(newest?.moves).toHaveLength(2);
    for (const vnId of ["district", "offices"]) {
      expect(bench.core().clusterGuidance(vnId)).toEqual({ guidelines, moves: newest?.moves });
    }
    expect(bench.core().clusterGuidance("village")).toEqual({ guidelines, moves: [] });
  });

  it("brings enrolled nodes onto the ledger, once", async () => {
    const bench = await openBench();
    await bench.settleDown();
    expect(bench.ledger.registeredVnIds).toEqual(["district", "offices"]);
    expect(
      bench
        .core()
        .virtualNodes()
        .map(({ isOnLedger }) => isOnLedger),
    ).toEqual([true, true]);
  });

  it("previews whom it would ask and why, and asks nobody", async () => {
    const bench = await openBench();
    const { ranking, allocations } = bench.core().preview(samplePlan());
    expect(allocations).toEqual([{ vnId: "district", orderedWh: [500n, 500n, 500n, 500n] }]);
    expect(ranking[0]?.reasons).toContain("can reduce 4.0 kW, reliably 4.0 kW of 2.0 kW needed");
    await bench.settleDown();
    expect(bench.core().events()).toEqual([]);
  });

  it("asks the best node and names the other as fallback", async () => {
    const bench = await openBench();
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    expect(bench.openRequests("offices")).toEqual([]);
    const [request] = bench.openRequests("district");
    expect(request).toMatchObject({ requestId: DISTRICT, orderedWh: [500n, 500n, 500n, 500n], priceMicroPerWh: 60n });
    expect(request?.fallbackVnIds).toEqual(["offices"]);
  });

  it("takes the same plan again and refuses another one under its id", async () => {
    const bench = await openBench();
    const event = await bench.core().planEvent(samplePlan());
    expect(await bench.core().planEvent(samplePlan())).toBe(event);
    const other = bench.core().planEvent(samplePlan({ penaltyMicroPerWh: 1n }));
    await expect(other).rejects.toThrow(expect.objectContaining({ code: "PLAN_CONFLICT" }));
  });

  it("contracts what the node nominated, after folding its credits", async () => {
    const bench = await openBench();
    bench.ledger.pendingCredits = [{ transactionId: "tx-old" }];
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.core().respond(DISTRICT, acceptance([500n, 500n, 490n, 500n]));
    await bench.settleDown();
    expect(states(bench)).toEqual([["district", "primary", "contracted"]]);
    expect(bench.ledger.sc1.get(DISTRICT)?.terms.orderedWh).toEqual([500n, 500n, 490n, 500n]);
    expect(bench.ledger.effects).toContain("accounts:Consolidate");
  });

  it("completes an event in full, pays, and learns nothing bad", async () => {
    const bench = await runningBench();
    await bench.clock.advanceTo(END);
    bench.ledger.settle(DISTRICT, [{ deviceId: "feid-1", deliveredWh: [500n, 500n, 500n, 500n] }]);
    await bench.settleDown();
    const result = bench.core().event("evening-peak")?.result;
    expect(result).toMatchObject({
      requestedWh: 2_000n,
      deliveredWh: 2_000n,
      rearrangedWh: 0n,
      deficientWh: 0n,
      outcome: "success",
    });
    expect(result?.money.paidMicro).toBe(2_000n * 60n + 2_000n * 30n);
    expect(bench.core().virtualNodes()[0]?.reliabilityPerMille).toBe(1_000);
    // The devices, then the node.
    expect(bench.ledger.effects.filter((each) => each === "sc1:DRCompletion")).toHaveLength(2);
  });

  it("counts what replacements delivered as re-arranged, and conserves money and energy", async () => {
    const bench = await runningBench();
    await bench.clock.advanceTo(END);
    bench.ledger.settle(DISTRICT, [
      { deviceId: "feid-1", deliveredWh: [500n, 300n, 0n, 0n] },
      { deviceId: "feid-2", kind: "replacement", deliveredWh: [0n, 0n, 500n, 400n] },
    ]);
    await bench.settleDown();
    const result = bench.core().event("evening-peak")?.result;
    expect(result).toMatchObject({ deliveredWh: 1_700n, rearrangedWh: 900n, deficientWh: 300n, outcome: "partial" });
    const { escrowedMicro, paidMicro, penaltyMicro, returnedMicro } = result?.money ?? {};
    expect(escrowedMicro).toBe((paidMicro ?? 0n) + (penaltyMicro ?? 0n) + (returnedMicro ?? 0n));
    expect(penaltyMicro).toBeGreaterThan(0n);
    expect(bench.core().virtualNodes()[0]?.reliabilityPerMille).toBe(963);
  });
});

describe("the aggregator, when a node does not do its part,", () => {
  it("asks the next node for what the first refused", async () => {
    const bench = await openBench();
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.core().respond(DISTRICT, REFUSAL);
    await bench.settleDown();
    expect(states(bench)).toEqual([
      ["district", "primary", "refused"],
      ["offices", "fallback", "open"],
    ]);
    expect(bench.core().event("evening-peak")?.requests[1]?.reason).toContain("district will not serve");
  });

  it("asks the next node when the first does not answer in time", async () => {
    const bench = await openBench();
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.clock.advanceTo(START - 3_000_000 + 1);
    await bench.beat("offices");
    await bench.settleDown();
    expect(states(bench)).toEqual([
      ["district", "primary", "expired"],
      ["offices", "fallback", "open"],
    ]);
    const late = bench.core().respond(DISTRICT, acceptance([1n, 1n, 1n, 1n]));
    await expect(late).rejects.toThrow(expect.objectContaining({ code: "RESPONSE_TOO_LATE" }));
  });

  it("asks the next node for what the first did not nominate", async () => {
    const bench = await runningBench([500n, 500n, 100n, 500n]);
    expect(states(bench)).toEqual([
      ["district", "primary", "contracted"],
      ["offices", "fallback", "open"],
    ]);
    const [request] = bench.openRequests("offices");
    expect(request?.orderedWh).toEqual([400n, 0n]);
  });

  it("calls the fallback node when the shortfall persists, for the rest of the event", async () => {
    const bench = await runningBench();
    await bench.clock.advanceTo(START + QUARTER_MS);
    await bench.beat("offices");
    await bench.core().report(DISTRICT, report(0, 250n));
    await bench.settleDown();
    expect(states(bench)).toHaveLength(1);
    await bench.clock.advanceTo(START + 2 * QUARTER_MS);
    await bench.beat("offices");
    await bench.core().report(DISTRICT, report(1, 250n));
    await bench.settleDown();
    expect(states(bench)?.[1]).toEqual(["offices", "fallback", "open"]);
    const [request] = bench.openRequests("offices");
    expect(request?.intervals.map(({ startUnixMs }) => startUnixMs)).toEqual([START + 3 * QUARTER_MS]);
    expect(request?.orderedWh).toEqual([250n]);
    await bench.core().respond(OFFICES, acceptance([250n]));
    await bench.settleDown();
    expect(bench.ledger.effects.filter((each) => each.startsWith("sc1:"))).toEqual(["sc1:SetupDR", "sc1:CallFallback"]);
    expect(bench.core().event("evening-peak")?.requests[1]?.reason).toContain(`next fallback of ${DISTRICT}`);
    bench.ledger.accept(OFFICES);
    await bench.clock.advanceTo(END);
    bench.ledger.settle(DISTRICT, [{ deviceId: "feid-1", deliveredWh: [250n, 250n, 250n, 250n] }]);
    bench.ledger.settle(OFFICES, [{ deviceId: "feid-9", deliveredWh: [250n] }]);
    await bench.settleDown();
    expect(bench.core().event("evening-peak")?.result).toMatchObject({
      deliveredWh: 1_250n,
      rearrangedWh: 250n,
      deficientWh: 750n,
      outcome: "partial",
    });
  });

  it("sets up the fallback's contract by itself when the ledger refuses the call for another's", async () => {
    const bench = await runningBench();
    await bench.clock.advanceTo(START + 2 * QUARTER_MS);
    await bench.beat("offices");
    for (const interval of [0, 1]) await bench.core().report(DISTRICT, report(interval, 250n));
    await bench.settleDown();
    // The district is settled before the offices answer: nothing can be called in for its contract any more.
    bench.ledger.settle(DISTRICT, [{ deviceId: "feid-1", deliveredWh: [250n, 250n, 250n, 250n] }]);
    await bench.core().respond(OFFICES, acceptance([250n]));
    await bench.settleDown();
    expect(bench.core().event("evening-peak")?.requests[1]).not.toHaveProperty("inPlaceOf");
    expect(states(bench)?.[1]).toEqual(["offices", "fallback", "contracted"]);
    expect(bench.ledger.effects).not.toContain("sc1:CallFallback");
    expect(bench.ledger.sc1.get(OFFICES)?.state).toBe("proposed");
  });

  it("calls the named fallback for a contract that began unaccepted, once it has expired", async () => {
    const bench = await openBench();
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.core().respond(DISTRICT, acceptance([500n, 500n, 480n, 500n]));
    await bench.settleDown();
    await bench.clock.advanceTo(START);
    await bench.beat("offices");
    await bench.settleDown();
    const [request] = bench.openRequests("offices");
    // No more than the district's contract ordered, and only what can still be served.
    expect(request?.orderedWh).toEqual([500n, 480n, 500n]);
    await bench.core().respond(OFFICES, acceptance([500n, 480n, 500n]));
    await bench.settleDown();
    expect(states(bench)).toEqual([
      ["district", "primary", "failed"],
      ["offices", "fallback", "contracted"],
    ]);
    expect(bench.ledger.effects.filter((each) => each.startsWith("sc1:"))).toEqual([
      "sc1:SetupDR",
      "sc1:SettleDR",
      "sc1:CallFallback",
    ]);
  });

  it("expires a contract that its node never accepted, and has its escrow back", async () => {
    const bench = await openBench();
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.core().respond(DISTRICT, acceptance([500n, 500n, 500n, 500n]));
    await bench.settleDown();
    await bench.clock.advanceTo(END);
    await bench.settleDown();
    const event = bench.core().event("evening-peak");
    expect(event?.requests[0]?.state).toBe("failed");
    expect(event?.result).toMatchObject({ deliveredWh: 0n, deficientWh: 2_000n, outcome: "failure" });
    expect(event?.result?.money).toEqual({
      escrowedMicro: 120_000n,
      paidMicro: 0n,
      penaltyMicro: 0n,
      returnedMicro: 120_000n,
    });
  });

  it("ends an event for which nobody could be asked as a failure", async () => {
    const bench = new AggregatorBench();
    await bench.open();
    await bench.core().planEvent(samplePlan());
    await bench.clock.advanceTo(END);
    await bench.settleDown();
    expect(bench.core().event("evening-peak")?.result).toMatchObject({ outcome: "failure", deficientWh: 2_000n });
  });
});

describe("the aggregator, when its surroundings fail,", () => {
  it("goes on when the ledger is back, and counts the failed steps", async () => {
    const bench = await openBench();
    bench.ledger.isDown = true;
    await bench.core().planEvent(samplePlan());
    await bench.settleDown();
    await bench.core().respond(DISTRICT, acceptance([500n, 500n, 500n, 500n]));
    await bench.settleDown();
    expect(bench.core().failedSteps()).toBeGreaterThan(0);
    bench.ledger.isDown = false;
    await bench.settleDown();
    expect(states(bench)).toEqual([["district", "primary", "contracted"]]);
  });

  it("refuses nodes and requests that it does not know", async () => {
    const bench = await openBench();
    await expect(bench.beat("stranger")).rejects.toThrow(expect.objectContaining({ code: "UNKNOWN_VIRTUAL_NODE" }));
    const report = bench.core().report("none", { intervalIndex: 0, deliveredWh: 0n, shortfallWh: 0n });
    await expect(report).rejects.toThrow(expect.objectContaining({ code: "UNKNOWN_REQUEST" }));
  });

  it("joins a tick that is under way", async () => {
    const bench = await openBench();
    expect(bench.core().tick()).toBe(bench.core().tick());
    await bench.core().tick();
    expect(bench.core().failedSteps()).toBe(0);
  });
});
