import { describe, expect, it } from "vitest";
import { sampleMoney, sampleStory } from "../test/sample-story.ts";
import { chosenLines, storyLines } from "./story-words.ts";

const lineOf = (title: string, story = sampleStory()) =>
  storyLines(story, sampleMoney).find((line) => line.title === title);

describe("the story of a receipt", () => {
  it("goes from the request to the payment, each with its place on the ledger", () => {
    const lines = storyLines(sampleStory(), sampleMoney);
    expect(lines.map(({ title }) => title)).toEqual([
      "Request",
      "Plan",
      "Baseline",
      "Contract",
      "Readings",
      "Delivered",
      "Money",
      "Payment",
    ]);
    expect(lines.every(({ proof }) => proof !== "")).toBe(true);
    expect(lines[0]?.words).toBe(
      "The aggregator asked district for 12.00 kWh less import, 2016-01-28 12:00 to 12:45 UTC.",
    );
    expect(lines[0]?.proof).toBe("block 10, sc1:AcceptReduction by vn-district of VnMSP");
  });

  it("says which days the baseline is of, and which were left out", () => {
    expect(lineOf("Baseline")?.words).toContain("Days: 2016-01-27, 2016-01-25. Left out: 2016-01-26.");
    const { receipt } = sampleStory();
    const nominated = { ...receipt, baseline: { ...receipt.baseline, method: "nominated", days: [] } };
    expect(lineOf("Baseline", sampleStory({ receipt: nominated }))?.words).toContain("nothing to compute it from");
  });

  it("says what was delivered, what is missing of the readings, and what is held back", () => {
    expect(lineOf("Delivered")?.words).toContain("500 Wh of 1.20 kWh ordered: a part.");
    expect(lineOf("Readings")?.words).toContain("at 1 of 2 interval boundaries. 1 could not be had");
    expect(lineOf("Payment")?.words).toContain("€ 0.01 of what was earned is held back");
  });

  it("tells of a change of the order only when there was one", () => {
    expect(lineOf("Change of the order")).toBeUndefined();
    const [first] = sampleStory().acts;
    const acts = [...sampleStory().acts, { ...first, name: "sc2:Amend" as const, blockNumber: 15 }];
    const amended = sampleStory({ acts: acts as ReturnType<typeof sampleStory>["acts"], orderedWh: [400n, 0n, 0n] });
    expect(lineOf("Change of the order", amended)).toMatchObject({
      words: "During the event the order was changed, with the device's signature: 1.20 kWh became 400 Wh.",
      proof: expect.stringContaining("block 15"),
    });
  });
});

describe("why a device was chosen", () => {
  it("is told as far as the receipt goes, and where the rest can be seen", () => {
    const lines = chosenLines(sampleStory());
    expect(lines[0]).toContain("when the event was planned");
    expect(lines[1]).toContain("9 candidates; 4 contracts were");
    expect(lines[2]).toContain("node's page");
  });

  it("is told of a replacement", () => {
    const { receipt } = sampleStory();
    const replaced = { ...receipt, terms: { ...receipt.terms, kind: "replacement" as const } };
    expect(chosenLines(sampleStory({ receipt: replaced }))[0]).toContain("called in during the event");
  });
});
