import { describe, expect, it } from "vitest";
import { brokenEquations, type DayFacts, NO_RESTARTS, type Restarts, summarise } from "./summary.ts";

const FACTS: DayFacts = {
  seed: "story-1",
  seconds: 12.5,
  virtualNodes: 2,
  feids: 90,
  readings: { sent: 100, acked: 100, stored: 98, rejected: 2 },
  restarts: NO_RESTARTS,
  anchors: { batches: 4, leaves: 40 },
  balance: [],
  result: {
    requestedWh: 1_000n,
    deliveredWh: 900n,
    rearrangedWh: 900n,
    deficientWh: 100n,
    outcome: "partial",
    money: { escrowedMicro: 500_000n, paidMicro: 360_000n, penaltyMicro: 60_000n, returnedMicro: 80_000n },
  },
  contracts: [
    {
      vnId: "district",
      role: "primary",
      outcome: "partial",
      devices: { success: 1, partial: 1, failure: 1, expired: 1 },
      amended: 1,
      faults: [],
    },
  ],
  unserved: [],
  receipts: ["a.json.gz", "b.json.gz", "c.json.gz"],
  ledger: { height: 7, headHash: "ab" },
};

function withReadings(changes: Partial<DayFacts["readings"]>): DayFacts {
  return { ...FACTS, readings: { ...FACTS.readings, ...changes } };
}

function withResult(changes: Partial<DayFacts["result"]>): DayFacts {
  return { ...FACTS, result: { ...FACTS.result, ...changes } };
}

function withMoney(changes: Partial<DayFacts["result"]["money"]>): DayFacts {
  return withResult({ money: { ...FACTS.result.money, ...changes } });
}

describe("the summary of a day", () => {
  it("has energy, money and counts of readings as decimal text, and survives JSON", () => {
    const summary = summarise(FACTS);
    expect(summary.event).toEqual({
      requestedWh: "1000",
      deliveredWh: "900",
      rearrangedWh: "900",
      deficientWh: "100",
      outcome: "partial",
    });
    expect(summary.readings).toEqual({ sent: "100", acked: "100", stored: "98", rejected: "2" });
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

describe("a day whose devices were started again", () => {
  /** Nodes go on counting: 98 stored and 2 rejected are of the whole day. */
  const restarted = (restarts: Restarts, sinceThen: number) =>
    summarise({ ...withReadings({ sent: sinceThen, acked: sinceThen }), restarts });

  it("counts what was acknowledged before each start, so that all equations hold", () => {
    const summary = restarted({ count: 2, readingsAckedBefore: 30 }, 70);
    expect(summary.readings).toEqual({ sent: "100", acked: "100", stored: "98", rejected: "2" });
    expect(summary.restarts).toEqual({ count: 2, areReadingsKnown: true });
    expect(brokenEquations(summary)).toEqual([]);
  });

  it("still shows that a reading was lost on the way", () => {
    const [fault] = brokenEquations(restarted({ count: 1, readingsAckedBefore: 30 }, 71));
    expect(fault).toBe("acked 101 is not stored 98 + rejected 2");
  });

  it("claims nothing of what killed devices could not say, and holds the rest to its equations", () => {
    const unknown: Restarts = { count: 1, readingsAckedBefore: null };
    const summary = restarted(unknown, 70);
    expect([summary.readings.acked, summary.restarts.areReadingsKnown]).toEqual(["70", false]);
    expect(brokenEquations(summary)).toEqual([]);
    const lost = { ...withReadings({ sent: 71, acked: 70 }), restarts: unknown };
    expect(brokenEquations(summarise(lost))).toEqual(["sent 71 is not acked 70"]);
  });
});

describe("the equations of a day", () => {
  it("all hold on a day in order", () => {
    expect(brokenEquations(summarise(FACTS))).toEqual([]);
  });

  it("all hold beyond what a double can tell apart, and fail there by one", () => {
    const large = 2n ** 60n;
    const money = { escrowedMicro: large, paidMicro: large - 3n, penaltyMicro: 1n, returnedMicro: 2n };
    expect(brokenEquations(summarise(withMoney(money)))).toEqual([]);
    expect(brokenEquations(summarise(withMoney({ ...money, paidMicro: large - 2n })))).toHaveLength(1);
  });

  it.each<[string, DayFacts, string]>([
    ["a reading was lost", withReadings({ sent: 101 }), "sent 101 is not acked 100"],
    ["a reading was stored twice", withReadings({ stored: 99 }), "acked 100 is not stored 99 + rejected 2"],
    ["a rejection was not acknowledged", withReadings({ rejected: 3 }), "acked 100 is not stored 98 + rejected 3"],
    ["energy came from nowhere", withResult({ deliveredWh: 901n }), "requested 1000 is not delivered 901"],
    ["energy was forgotten", withResult({ deficientWh: 99n }), "requested 1000 is not delivered 900 + deficient 99"],
    ["more was re-arranged than delivered", withResult({ rearrangedWh: 901n }), "more was re-arranged than delivered"],
    ["money was made", withMoney({ paidMicro: 360_001n }), "escrowed 500000 is not paid"],
    ["a penalty was lost", withMoney({ penaltyMicro: 0n }), "escrowed 500000 is not paid"],
    ["a receipt is missing", { ...FACTS, receipts: [] }, "0 receipts of 3 settled contracts"],
    ["money was kept back", withMoney({ returnedMicro: 79_999n }), "escrowed 500000 is not paid"],
  ])("name the one that is broken when %s", (_, facts, fault) => {
    expect(brokenEquations(summarise(facts))).toEqual([expect.stringContaining(fault)]);
  });

  it("are all named when several are broken", () => {
    const facts = { ...withResult({ deliveredWh: 0n }), readings: { sent: 3, acked: 2, stored: 0, rejected: 1 } };
    expect(brokenEquations(summarise(facts))).toHaveLength(4);
  });
});
