import { describe, expect, it } from "vitest";
import { acceptance, placed, QUARTER_MS, REFUSAL, START, sampleEvent } from "../../test/event-samples.ts";
import { isWorthCalling, missingWh, persistentShortfall } from "./coverage.ts";

const OPTIONS = { shortReportsMin: 2, tolerancePerMille: 50, callLeadMs: 300_000 };
const BEFORE = START - 3_600_000;
const FULL = acceptance([500n, 500n, 500n, 500n]);

function report(intervalIndex: number, deliveredWh: bigint) {
  return { intervalIndex, deliveredWh, shortfallWh: 500n - deliveredWh };
}

describe("the coverage of an event", () => {
  it("misses everything before anybody is asked, and nothing while an answer is open", () => {
    expect(missingWh(sampleEvent([]), BEFORE, OPTIONS)).toEqual([500n, 500n, 500n, 500n]);
    expect(missingWh(sampleEvent([placed("a")]), BEFORE, OPTIONS)).toEqual([0n, 0n, 0n, 0n]);
  });

  it("misses what a node refused, did not answer in time, or did not nominate", () => {
    const refused = placed("a", { state: "refused", response: REFUSAL });
    const partly = placed("b", { state: "accepted", response: acceptance([500n, 400n, 0n, 500n]) });
    expect(missingWh(sampleEvent([refused]), BEFORE, OPTIONS)).toEqual([500n, 500n, 500n, 500n]);
    expect(missingWh(sampleEvent([placed("a", { state: "expired" })]), BEFORE, OPTIONS)).toContain(500n);
    expect(missingWh(sampleEvent([refused, partly]), BEFORE, OPTIONS)).toEqual([0n, 100n, 500n, 0n]);
  });

  it("gives a node that falls short once the time to help itself", () => {
    const short = placed("a", { state: "contracted", response: FULL, reports: [report(0, 200n)] });
    expect(persistentShortfall(short, OPTIONS)).toBeUndefined();
    expect(missingWh(sampleEvent([short]), START + QUARTER_MS, OPTIONS)).toEqual([0n, 0n, 0n, 0n]);
  });

  it("expects a node that falls short persistently to go on like that", () => {
    const reports = [report(0, 200n), report(1, 300n)];
    const short = placed("a", { state: "contracted", response: FULL, reports });
    expect(persistentShortfall(short, OPTIONS)).toEqual({ deliveredWh: 500n, nominatedWh: 1_000n });
    expect(missingWh(sampleEvent([short]), START + 2 * QUARTER_MS - 300_001, OPTIONS)).toEqual([0n, 0n, 250n, 250n]);
  });

  it("leaves out intervals that begin too soon for anybody to be called", () => {
    const reports = [report(1, 0n), report(0, 0n)];
    const short = placed("a", { state: "contracted", response: FULL, reports });
    const justLate = START + 3 * QUARTER_MS - 299_999;
    expect(missingWh(sampleEvent([short]), justLate, OPTIONS)).toEqual([0n, 0n, 0n, 0n]);
    expect(missingWh(sampleEvent([short]), justLate - 1, OPTIONS)).toEqual([0n, 0n, 0n, 500n]);
  });

  it("does not call a shortfall persistent that lies within the tolerance", () => {
    const reports = [report(0, 475n), report(1, 475n)];
    const tolerated = placed("a", { state: "contracted", response: FULL, reports });
    expect(persistentShortfall(tolerated, OPTIONS)).toBeUndefined();
  });

  it("adds up what several nodes deliver", () => {
    const half = acceptance([250n, 250n, 250n, 250n]);
    const event = sampleEvent([
      placed("a", { state: "contracted", response: half }),
      placed("b", { state: "contracted", response: half }),
    ]);
    expect(missingWh(event, BEFORE, OPTIONS)).toEqual([0n, 0n, 0n, 0n]);
  });
});

describe("whether another node is called", () => {
  it("depends on the share that is missing of the intervals that can still be served", () => {
    const requestedWh = [500n, 500n, 500n, 500n];
    expect(isWorthCalling([0n, 0n, 25n, 25n], requestedWh, 50)).toBe(false);
    expect(isWorthCalling([0n, 0n, 25n, 26n], requestedWh, 50)).toBe(true);
    expect(isWorthCalling([0n, 0n, 0n, 0n], requestedWh, 0)).toBe(false);
  });
});
