import { SeededRandom } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { sampleNode } from "../../test/what-if-samples.ts";
import { drawDelivery } from "./draw-delivery.ts";

function means(past: number[], draws = 400): number[] {
  const node = sampleNode("district", { past });
  return Array.from({ length: draws }, (_, draw) => {
    const drawn = drawDelivery(node, 8, new SeededRandom(`draw-${draw}`));
    return drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
  });
}

function mean(values: number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

describe("drawDelivery", () => {
  it("gives one share for each interval, within 0 and 1,000 per mille", () => {
    for (const past of [[], [0, 0], [1_000]]) {
      const drawn = drawDelivery(sampleNode("d", { past }), 5, new SeededRandom("shares"));
      expect(drawn).toHaveLength(5);
      expect(drawn.every((each) => Number.isInteger(each) && each >= 0 && each <= 1_000)).toBe(true);
    }
  });

  it("believes in a node without history, but not blindly", () => {
    expect(mean(means([]))).toBeGreaterThan(850);
    expect(Math.min(...means([]))).toBeLessThan(700);
  });

  it("comes to what the node has shown as it shows more", () => {
    const few = mean(means([400]));
    const many = mean(means(Array.from({ length: 60 }, () => 400)));
    expect(few).toBeLessThan(mean(means([])));
    expect(Math.abs(many - 400)).toBeLessThan(60);
  });

  it("keeps failure and success apart instead of drawing their mean", () => {
    const drawn = means([0, 1_000, 0, 1_000, 0, 1_000, 0, 1_000]);
    expect(drawn.filter((each) => each < 100).length).toBeGreaterThan(80);
    expect(drawn.filter((each) => each > 200 && each < 550)).toEqual([]);
  });

  it("draws the same for the same seed", () => {
    expect(means([800], 5)).toEqual(means([800], 5));
  });
});
