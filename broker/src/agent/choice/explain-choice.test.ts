import { learnOutcome, newProsumer } from "@gridpact/flexibility";
import { describe, expect, it } from "vitest";
import { sampleCandidate, sampleOutcome, sampleRecord } from "../test/choice-samples.ts";
import { explainChoice, type ProsumerExplanation } from "./explain-choice.ts";

function of(deviceId: string, explanations: ProsumerExplanation[]): ProsumerExplanation {
  const found = explanations.find((each) => each.deviceId === deviceId);
  if (found === undefined) throw new Error(`no explanation for ${deviceId}`);
  return found;
}

const candidates = [
  sampleCandidate("a"),
  sampleCandidate("b"),
  sampleCandidate("c", { reliabilityPerMille: 700 }),
  sampleCandidate("idle", { reducibleWh: [0n, 0n, 0n, 0n] }),
];

describe("explaining a choice", () => {
  const passedOver = [{ deviceId: "new", reason: "no_baseline" }] as const;
  const record = sampleRecord(candidates, { passedOver: [...passedOver] });
  const before = explainChoice(record, []);

  it("says of each prosumer whether it was called, and why", () => {
    expect(before.map(({ deviceId, verdict, rank }) => [deviceId, verdict, rank])).toEqual([
      ["a", "called", 1],
      ["b", "called", 2],
      ["idle", "nothing_to_offer", 3],
      ["c", "reserve", 4],
      ["new", "not_a_candidate", null],
    ]);
    expect(of("a", before).reasons[0]).toContain("rank 1 of 4: expected to deliver 100.0 % of an order");
    expect(of("c", before).reasons[0]).toContain("the last one chosen is expected to deliver 100.0 %");
    expect(of("new", before).reasons[0]).toContain("too few metered days");
  });

  it("says what it would have earned at its expected delivery", () => {
    // All of its 100 Wh in four quarters at 48; with seven tenths of them delivered, 40 for each that is missing.
    expect(of("a", before).wouldHaveEarnedMicro).toBe(400n * 48n);
    expect(of("c", before).wouldHaveEarnedMicro).toBe(280n * 48n - 120n * 40n);
    expect([of("a", before).earnedMicro, of("a", before).deliveredWh]).toEqual([null, null]);
  });

  it("says what came of it once it is settled, for one that was released too", () => {
    const outcomes = [
      sampleOutcome("a", 100n, 80n),
      { ...sampleOutcome("b", 53n, 0n), hasSigned: false, paidMicro: 0n, penaltyMicro: 0n },
      { ...sampleOutcome("c", 53n, 53n), kind: "replacement" as const },
    ];
    const after = explainChoice({ ...record, outcomes }, []);
    expect(of("a", after)).toMatchObject({ deliveredWh: 320n, earnedMicro: 320n * 48n - 80n * 40n });
    expect(of("b", after).reasons.join()).toContain("not signed in time");
    expect(of("c", after)).toMatchObject({ verdict: "replacement", earnedMicro: 212n * 48n });
    expect(of("idle", after)).toMatchObject({ deliveredWh: 0n, earnedMicro: 0n });
  });

  it("says when an order was amended, and not of a record that knows of no amendments", () => {
    const amended = { ...sampleOutcome("a", 100n, 80n), inForceWh: [100n, 100n, 10n, 100n] };
    const { inForceWh: _, ...older } = sampleOutcome("b", 53n, 53n);
    const outcomes = [amended, older as typeof amended];
    const after = explainChoice({ ...record, outcomes }, []);
    expect(of("a", after).reasons.join()).toContain("by its own signature: 100 100 10 100 Wh were in force");
    expect(of("b", after).reasons.join()).not.toContain("amended");
  });

  it("blames the feeder where a device with better rank was passed over", () => {
    const other = { feeder: "feeder-2" };
    const limited = sampleRecord([...candidates.slice(0, 2), sampleCandidate("z", other)], { limitWh: 100n });
    expect(of("b", explainChoice(limited, [])).reasons[0]).toContain("feeder-1 was at the limit");
    expect(of("z", explainChoice(limited, [])).verdict).toBe("called");
  });

  it("shows calls beside the fair share, and that turns were taken", () => {
    const trace = { startUnixMs: 0, endUnixMs: 1, offeredWh: 400, deliveredWh: 0, earnedMicro: 0, responseLagMs: null };
    const state = (deviceId: string, orderedWh: number) =>
      learnOutcome(newProsumer(deviceId, 0), { eventId: "e", ...trace, orderedWh, hasSigned: orderedWh > 0 || null });
    const often = sampleRecord([sampleCandidate("a", { turnSurchargePerMille: 50 }), ...candidates.slice(1)]);
    const explained = of("a", explainChoice(often, [state("a", 300), state("b", 100)]));
    expect(explained.calls).toMatchObject({ calledCount: 1, offeredCount: 1, calledPerMille: 750, fairPerMille: 500 });
    expect(explained.reasons.join()).toContain("more than its fair share");
    expect(explained.beliefPerMille.mean).toBeLessThan(900);
  });
});
