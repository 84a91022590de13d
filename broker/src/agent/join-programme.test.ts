import { expect, it } from "vitest";
import { AgentBench, START } from "./test/agent-bench.ts";
import { MINUTE_MS } from "./test/scenarios.ts";

it("agrees to its programme when it is published, once, over a restart too", async () => {
  const bench = new AgentBench({ a: {} }, { programmeId: "peak-relief" });
  await bench.open();
  await bench.runUntil(START - 55 * MINUTE_MS);
  expect(bench.chain.effects).toEqual([]);
  bench.chain.contracts.programmes.set("peak-relief", []);
  await bench.runUntil(START - 50 * MINUTE_MS);
  expect(bench.chain.contracts.programmes.get("peak-relief")).toEqual(["district"]);
  await bench.open();
  await bench.runUntil(START - 45 * MINUTE_MS);
  expect(bench.chain.effects).toEqual(["programmes:Enrol"]);
  expect(bench.agent().failedSteps()).toBe(0);
});
