import { expect, it } from "vitest";
import { runBench } from "./openadr-bench.ts";

it("the bench runs in its smallest size and counts everything", async () => {
  const result = await runBench({ polls: 4, events: 4, subscribers: [3], entitled: [3] });
  for (const rate of [result.signedPolls["rsa"], result.signedPolls["p256"], result.postEvents, result.getEvents]) {
    expect(rate).toEqual({ perSecond: expect.any(Number), cpuMs: expect.any(Number) });
    expect(rate?.cpuMs).toBeGreaterThan(0);
  }
  expect(result.fanOutMs[3]?.p99).toBeGreaterThan(0);
  expect(result.entitledFanOutMs[3]?.p99).toBeGreaterThan(0);
  expect(result.digest).toHaveLength(16);
});
