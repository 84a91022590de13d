import { describe, expect, it } from "vitest";
import { type AgentBench, END } from "../test/agent-bench.ts";
import { MINUTE_MS, openBench } from "../test/scenarios.ts";

const HOUR_MS = 60 * MINUTE_MS;
const POLICY = { disputeWindowMs: 2 * HOUR_MS, evidenceWindowMs: HOUR_MS };

/** An event that is completed without the last register of one device, which was cut off at its end. */
async function completedWithGap(policy = POLICY): Promise<AgentBench> {
  const bench = await openBench({ a: { silentFromUnixMs: END }, b: {}, c: {} });
  bench.chain.contracts.policy = policy;
  await bench.runUntil(END + 40 * MINUTE_MS);
  expect(bench.event().phase).toBe("completed");
  return bench;
}

function reconnect(bench: AgentBench): void {
  const device = bench.devices.get("a");
  if (device === undefined) throw new TypeError("no device a");
  device.traits = {};
}

const actualOf = (bench: AgentBench) =>
  bench.chain.contracts.disputed.get("peak:a")?.intervals.map(({ actualWh }) => actualWh);

const disputesIn = (bench: AgentBench) => bench.chain.effects.filter((name) => name.startsWith("disputes:"));

describe("readings that arrive after the settlement", () => {
  it("are shown in a dispute that the node opens about its own settlement, once", async () => {
    const bench = await completedWithGap();
    expect(bench.event().gapContractIds).toEqual(["peak:a"]);
    await bench.runUntil(END + HOUR_MS);
    expect(disputesIn(bench)).toEqual([]);
    reconnect(bench);
    await bench.runUntil(END + HOUR_MS + 10 * MINUTE_MS);
    expect(disputesIn(bench)).toEqual(["disputes:Open", "disputes:SubmitEvidence"]);
    expect(actualOf(bench)).toEqual([130n, 130n, 130n, 130n]);
    expect(bench.event()).not.toHaveProperty("gapContractIds");
    expect(bench.event().candidates).toEqual([]);
    await bench.runUntil(END + 4 * HOUR_MS);
    expect(disputesIn(bench)).toHaveLength(2);
  });

  it("are shown by the process that goes on after a crash, as they were kept", async () => {
    const bench = await completedWithGap();
    reconnect(bench);
    bench.chain.isDown = true;
    await bench.runUntil(END + HOUR_MS);
    bench.chain.isDown = false;
    await bench.open();
    await bench.runUntil(END + HOUR_MS + 10 * MINUTE_MS);
    expect(disputesIn(bench)).toEqual(["disputes:Open", "disputes:SubmitEvidence"]);
  });

  it("are too late when the dispute window is over", async () => {
    const bench = await completedWithGap();
    await bench.runUntil(END + 2 * HOUR_MS);
    expect(bench.event()).not.toHaveProperty("gapContractIds");
    reconnect(bench);
    await bench.runUntil(END + 3 * HOUR_MS);
    expect(disputesIn(bench)).toEqual([]);
  });

  it("are let go of when the ledger takes no dispute or no evidence", async () => {
    for (const refused of ["disputes:Open", "disputes:SubmitEvidence"]) {
      const bench = await completedWithGap();
      bench.chain.refusals[refused] = ["DISPUTE_LATE"];
      reconnect(bench);
      await bench.runUntil(END + 2 * HOUR_MS - MINUTE_MS);
      expect(bench.event()).not.toHaveProperty("gapContractIds");
      expect(bench.chain.contracts.disputed.get("peak:a") ?? null).toBeNull();
    }
  });

  it("are nobody's business under a programme without disputes", async () => {
    const bench = await completedWithGap({ disputeWindowMs: 0, evidenceWindowMs: 0 });
    expect(bench.event()).not.toHaveProperty("gapContractIds");
    reconnect(bench);
    await bench.runUntil(END + HOUR_MS);
    expect(disputesIn(bench)).toEqual([]);
  });
});
