import { describe, expect, it } from "vitest";
import { benchLearning } from "./learning-bench.ts";

describe("benchLearning", () => {
  it("lives through days of events and gives the same result each time", async () => {
    const usage = { cpuUs: () => 0, heapBytes: () => 0 };
    const first = await benchLearning(3, usage);
    expect(first).toEqual(await benchLearning(3, usage));
    expect(first.deliverableWhTotal).toBeGreaterThan(0n);
  });
});
