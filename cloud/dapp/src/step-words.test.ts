import { VERIFICATION_STEPS, type VerificationReport } from "@gridpact/ledger/receipts";
import { describe, expect, it } from "vitest";
import { failureWords, stepLines } from "./step-words.ts";

const report = (failing: (typeof VERIFICATION_STEPS)[number], detail = "why"): VerificationReport => ({
  ok: false,
  steps: [
    { step: "form", ok: true, detail: "" },
    { step: failing, ok: false, detail },
  ],
  subject: null,
  money: null,
});

describe("a receipt that does not hold", () => {
  it.each(VERIFICATION_STEPS)("is said to fail at the step %s, in words of its own", (step) => {
    const words = failureWords(report(step)) ?? "";
    expect(words).toContain(`Step “${step}”`);
    const others = VERIFICATION_STEPS.filter((other) => other !== step).map((other) => failureWords(report(other)));
    expect(others.map((other) => other?.split(": ")[1])).not.toContain(words.split(": ")[1]);
  });

  it("has the question of each step that was taken, and the beginning of what a forged text says", () => {
    const [first, second] = stepLines(report("blocks", "x".repeat(1_000)));
    expect(first).toMatchObject({ step: "form", ok: true, question: "Is this a receipt at all?" });
    expect(second?.detail).toHaveLength(303);
  });

  it("is told apart from one that holds", () => {
    expect(failureWords({ ...report("payment"), ok: true })).toBeUndefined();
  });
});
