import { describe, expect, it } from "vitest";
import { beliefOf, observedShare } from "./beta-counts.ts";

describe("what is believed of a share", () => {
  // Bounds of the Wilson interval at 90 %: those of ten trials without and with one failure, and of half of a hundred.
  it.each([
    [10, 0, 0.787, 1],
    [9, 1, 0.652, 0.977],
    [50, 50, 0.419, 0.581],
    [0, 10, 0, 0.213],
  ])("of %d good and %d bad lies between %f and %f", (good, bad, lower, upper) => {
    const belief = beliefOf({ good, bad });
    expect(belief.mean).toBe(good / (good + bad));
    expect(belief.lower).toBeCloseTo(lower, 3);
    expect(belief.upper).toBeCloseTo(upper, 3);
  });

  it("narrows with what is seen, and stays within 0 and 1", () => {
    const prior = { good: 3, bad: 1 };
    let counts = prior;
    for (let event = 0; event < 100; event += 1) counts = observedShare(counts, prior, 1);
    const wide = beliefOf(prior);
    const narrow = beliefOf(counts);
    expect(narrow.upper - narrow.lower).toBeLessThan((wide.upper - wide.lower) / 2);
    expect(narrow.upper).toBeLessThanOrEqual(1);
    expect(narrow.mean).toBeGreaterThan(0.95);
  });

  it("fades: after twenty bad events a good past counts little, and the prior never goes", () => {
    const prior = { good: 3, bad: 1 };
    let counts = observedShare(prior, prior, 1);
    for (let event = 0; event < 100; event += 1) counts = observedShare(counts, prior, 0);
    expect(counts.good).toBeCloseTo(prior.good, 1);
    expect(counts.bad).toBeLessThan(prior.bad + 1 / (1 - 0.95) + 1e-9);
  });

  it("counts a share outside 0 to 1 as its bound", () => {
    const prior = { good: 1, bad: 1 };
    expect(observedShare(prior, prior, 1.7)).toEqual({ good: 2, bad: 1 });
    expect(observedShare(prior, prior, -3)).toEqual({ good: 1, bad: 2 });
  });
});
