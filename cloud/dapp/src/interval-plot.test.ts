import { describe, expect, it } from "vitest";
import { sampleStory } from "../test/sample-story.ts";
import { intervalPlot, plotSentence } from "./interval-plot.ts";

describe("the plot of a receipt", () => {
  it("has a bar for each interval that was read, and says where none was", () => {
    const { bars, zeroY } = intervalPlot(sampleStory());
    expect(bars.map(({ metered }) => metered !== null)).toEqual([true, true, false]);
    expect(bars[0]?.metered?.height).toBeLessThan(bars[1]?.metered?.height ?? 0);
    expect((bars[0]?.metered?.y ?? 0) + (bars[0]?.metered?.height ?? 0)).toBeCloseTo(zeroY, 6);
    expect(bars[2]?.title).toBe("12:30: 1.00 kWh expected, not read, 0 Wh of 400 Wh delivered");
  });

  it("draws baseline and order as steps within the picture", () => {
    const { baseline, ordered, width, height } = intervalPlot(sampleStory());
    for (const line of [baseline, ordered]) {
      const points = line.split(" ").map((point) => point.split(",").map(Number));
      expect(points).toHaveLength(6);
      expect(points.every(([x = -1, y = -1]) => x >= 0 && x <= width && y >= 0 && y <= height)).toBe(true);
    }
  });

  it("has room below zero for who makes more than it uses", () => {
    const { receipt } = sampleStory();
    const intervals = receipt.settlement.intervals.map((each) => ({ ...each, actualWh: -500n }));
    const story = sampleStory({ receipt: { ...receipt, settlement: { ...receipt.settlement, intervals } } });
    const { bars, zeroY, levels } = intervalPlot(story);
    expect(bars[0]?.metered?.y).toBeCloseTo(zeroY, 6);
    expect(levels[0]?.label).toBe("-500 Wh");
  });

  it("stands in one sentence for who does not see it", () => {
    expect(plotSentence(sampleStory())).toBe(
      "3.00 kWh expected and 1.40 kWh metered in 3 intervals; 500 Wh of 1.20 kWh ordered were delivered.",
    );
  });
});
