import { NEW_SUPPLIER, rememberEvent } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { sampleCandidate, sampleOutcome, sampleRecord } from "../test/choice-samples.ts";
import { judgeChoice } from "./judge-choice.ts";

const candidates = ["a", "b", "c"].map((deviceId) => sampleCandidate(deviceId));
const record = sampleRecord(candidates);
const unknown = () => NEW_SUPPLIER;

/** 150 Wh a quarter, worth 60 each to the node, of which devices get 48. */
const BEST_MICRO = 4n * 150n * (60n - 48n);

describe("judging a choice", () => {
  it("finds no regret where all was delivered as ordered", async () => {
    const outcomes = [sampleOutcome("a", 100n, 100n), sampleOutcome("b", 50n, 50n)];
    expect(await judgeChoice(record, outcomes, unknown)).toEqual({
      actualMicro: BEST_MICRO,
      greedyMicro: BEST_MICRO,
      clairvoyantMicro: BEST_MICRO,
    });
  });

  it("charges what was missing, and shows what was to be had from others", async () => {
    const outcomes = [sampleOutcome("a", 100n, 0n), sampleOutcome("b", 50n, 50n)];
    const value = await judgeChoice(record, outcomes, unknown);
    // 50 Wh arrive, 100 are missing at 50 each.
    expect(value.actualMicro).toBe(4n * (50n * 12n - 100n * 50n));
    expect(value.greedyMicro).toBe(value.actualMicro);
    // Whoever had known would have called b and c for all of it.
    expect(value.clairvoyantMicro).toBe(BEST_MICRO);
  });

  it("charges nothing for what was asked for and not promised", async () => {
    const alone = sampleRecord(candidates.slice(0, 1));
    const value = await judgeChoice(alone, [sampleOutcome("a", 100n, 100n)], unknown);
    // Of 150 Wh only 100 could be nominated, and all of them came.
    expect(value.actualMicro).toBe(4n * 100n * 12n);
    expect(value.clairvoyantMicro).toBe(value.actualMicro);
  });

  it("lets the greedy rule know what was known then", async () => {
    const failing = rememberEvent(NEW_SUPPLIER, 0);
    const outcomes = [sampleOutcome("b", 100n, 100n), sampleOutcome("c", 50n, 50n)];
    const value = await judgeChoice(record, outcomes, (deviceId) => (deviceId === "a" ? failing : NEW_SUPPLIER));
    expect(value.greedyMicro).toBe(BEST_MICRO);
  });

  it("counts a replacement from its first interval on, and energy beyond the request as cost only", async () => {
    const late = { ...sampleOutcome("c", 100n, 100n), kind: "replacement", firstInterval: 2 } as const;
    const replacement = { ...late, orderedWh: [100n, 100n], deliveredWh: [100n, 100n] };
    const value = await judgeChoice(record, [sampleOutcome("a", 100n, 100n), replacement], unknown);
    const early = 2n * (100n * 12n - 50n * 50n);
    const after = 2n * (150n * 60n - 200n * 48n);
    expect(value.actualMicro).toBe(early + after);
  });

  it("never makes knowing everything worth less than what was done", async () => {
    for (const deliveredWh of [0n, 30n, 99n]) {
      const value = await judgeChoice(record, [sampleOutcome("a", 100n, deliveredWh)], unknown);
      expect(value.clairvoyantMicro >= value.actualMicro).toBe(true);
      expect(value.clairvoyantMicro >= value.greedyMicro).toBe(true);
    }
  });
});
