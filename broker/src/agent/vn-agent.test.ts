import { describe, expect, it } from "vitest";
import { AgentBench, drRequest, END, START } from "./test/agent-bench.ts";

describe("debug", () => {
  it("runs", async () => {
    const bench = new AgentBench({ a: {}, b: {}, c: {}, d: {} });
    await bench.open();
    bench.aggregator.requests.push(drRequest(200n));
    await bench.runUntil(START - 30 * 60_000);
    const e = bench.event();
    console.log(e.phase, e.reason, e.nominatedWh, e.candidates.map((c) => [c.deviceId, c.baselineWh[0], c.forecastWh[0], c.reducibleWh[0]]), e.assignments, bench.agent().failedSteps());
    await bench.runUntil(END + 10 * 60_000);
    console.log(bench.event().phase, bench.event().assignments.map((a) => [a.deviceId, a.status, a.isSettled]), bench.event().reports, bench.chain.effects, bench.agent().failedSteps());
    console.log((await bench.receipts()).length);
    expect(1).toBe(1);
  });
});
