import { loadSolver } from "@gridpact/flexibility";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { sampleCandidate, sampleRecord } from "../test/choice-samples.ts";
import { type ChoiceRecord, replayChoice } from "./choice-record.ts";

const solver = await loadSolver();

const candidates = [
  sampleCandidate("a", { reliabilityPerMille: 900, spreadPerMille: 80 }),
  sampleCandidate("b"),
  sampleCandidate("c"),
];
const record = sampleRecord(candidates, { limitWh: 160n });

describe("making a kept choice again", () => {
  it("comes out the same, also from its file", () => {
    expect(replayChoice(record, solver)).toEqual({ isSame: true });
    expect(replayChoice(readUnitJson(writeUnitJson(record)) as ChoiceRecord, solver)).toEqual({ isSame: true });
  });

  it.each<[string, Partial<ChoiceRecord>, string]>([
    ["a candidate was changed", { candidates: [sampleCandidate("a")] }, "inputs_changed"],
    ["the rules were changed", { rules: { limits: [], lossPerMilleMax: 0 } }, "inputs_changed"],
    ["another plan is claimed", { planHashHex: "00".repeat(32) }, "choice_changed"],
  ])("shows that %s", (_, changes, reason) => {
    expect(replayChoice({ ...record, ...changes }, solver)).toEqual({ isSame: false, reason });
  });

  it("does not depend on what came of it later", () => {
    const value = { actualMicro: 1n, greedyMicro: 1n, clairvoyantMicro: 1n };
    expect(replayChoice({ ...record, outcomes: [], value }, solver)).toEqual({ isSame: true });
  });
});
