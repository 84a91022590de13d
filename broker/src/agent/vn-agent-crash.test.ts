import { describe, expect, it } from "vitest";
import { AgentBench, CrashingDisk, drRequest, END, START } from "./test/agent-bench.ts";

const SETTLED = END + 10 * 60_000;

describe("the agent, killed at any durable step,", () => {
  /** A day with a device that declines, one that is stuck, and a restart after the crash. */
  async function playDay(crash?: { atWrite: number; isWritten: boolean }) {
    const bench = new AgentBench({ a: { stuckFromUnixMs: START }, b: {}, c: { refusal: "no" }, d: {}, e: {} });
    const disk = new CrashingDisk(crash);
    await bench.open({ disk: disk.over(bench.disk) });
    bench.aggregator.requests.push(drRequest(300n));
    let isRestarted = false;
    await bench.runUntil(SETTLED, async () => {
      if (!disk.hasCrashed || isRestarted) return;
      isRestarted = true;
      await bench.open();
    });
    const contracts = [...bench.chain.contracts.sc2.values()].map(({ terms, state, settlement }) => {
      return [terms.contractId, terms.kind, state, settlement?.deliveredWh, settlement?.paidMicro];
    });
    const receipts = (await bench.receipts()).map(({ terms, settlement }) => [terms.contractId, settlement.paidMicro]);
    const phase = bench.event().phase;
    const settlement = bench.chain.contracts.sc1.get("peak.district")?.settlement;
    return { result: { phase, contracts, receipts, settlement }, writes: disk.writes };
  }

  it("comes to the same end as without", async () => {
    const undisturbed = await playDay();
    expect(undisturbed.result).toMatchObject({ phase: "completed", settlement: { outcome: "partial" } });
    expect(undisturbed.writes).toBeGreaterThan(15);
    for (let atWrite = 1; atWrite <= undisturbed.writes; atWrite++) {
      for (const isWritten of [false, true]) {
        const { result } = await playDay({ atWrite, isWritten });
        expect(result, `killed ${isWritten ? "after" : "before"} write ${atWrite}`).toEqual(undisturbed.result);
      }
    }
  });
});
