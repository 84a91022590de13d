import { AggregatorCore } from "@gridpact/aggregator";
import { SeededRandom } from "@gridpact/host";
import { BlockProver, type Receipt, verifyReceipt, verifyReceiptBytes } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Day, playedDay } from "../../test/played-day.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

type Method = Receipt["baseline"]["method"] & Parameters<AggregatorCore["planEvent"]>[0]["baselineMethod"];

/** The day with an event whose baselines are made in another way. */
function dayWith(baselineMethod: Method): Promise<Day> {
  const { planEvent } = AggregatorCore.prototype;
  vi.spyOn(AggregatorCore.prototype, "planEvent").mockImplementation(function (this: AggregatorCore, plan) {
    return planEvent.call(this, { ...plan, baselineMethod });
  });
  return playedDay(`baseline ${baselineMethod}`);
}

function detailsOf({ receipts, consortium }: Day): string[] {
  return [...receipts.values()].map((text) => {
    const { ok, steps } = verifyReceipt(text, consortium);
    expect(steps.filter((step) => !step.ok)).toEqual([]);
    expect(ok).toBe(true);
    return steps.find(({ step }) => step === "baseline")?.detail ?? "";
  });
}

describe("a baseline is computed again", () => {
  it("from the five highest of ten days", async () => {
    const details = detailsOf(await dayWith("highFiveOfTen"));
    expect(details.length).toBeGreaterThan(0);
    for (const detail of details) expect(detail).toMatch(/^mean of 5 days/);
  }, 60_000);

  it("from the hour before the plan, none of whose bytes can be changed", async () => {
    const day = await dayWith("meterBefore");
    const details = detailsOf(day);
    expect(details.length).toBeGreaterThan(0);
    for (const detail of details) expect(detail).toMatch(/^mean of 4 units before the plan/);
    const [text = ""] = day.receipts.values();
    const section = canonicalJson((JSON.parse(text) as Receipt).baseline.before);
    const from = text.indexOf(section);
    const random = new SeededRandom("before");
    const prover = new BlockProver(day.consortium);
    for (let tried = 0; tried < 40; tried++) {
      const bytes = Buffer.from(text);
      const at = from + random.below(section.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(7));
      expect(verifyReceiptBytes(bytes, prover).ok, `byte ${at}`).toBe(false);
    }
  }, 60_000);

  it("never when it was nominated, and the verification says so", async () => {
    const details = detailsOf(await dayWith("nominated"));
    expect(details.length).toBeGreaterThan(0);
    for (const detail of details) expect(detail).toMatch(/^nominated: it was stated/);
  }, 60_000);
});
