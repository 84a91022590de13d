import { describe, expect, it } from "vitest";
import { profileOutlook } from "./day-profile.ts";

const options = { dayLength: 4, days: 3 };

describe("profileOutlook", () => {
  it("repeats a regular day, also further ahead than a day", () => {
    const history = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2];
    expect([...profileOutlook(history, 6, options)]).toEqual([3, 4, 1, 2, 3, 4]);
  });

  it("carries on how the latest step was off, and lets it fade", () => {
    const history = [1, 1, 1, 1, 1, 1, 1, 2];
    const [first = 0, second = 0, third = 0] = profileOutlook(history, 3, options);
    expect(first).toBeCloseTo(1.7);
    expect(second).toBeCloseTo(1.49);
    expect(third).toBeLessThan(second);
  });

  it("is never negative, and answers from the first value on", () => {
    expect([...profileOutlook([5, 5, 5, 5, 0], 2, options)].every((value) => value >= 0)).toBe(true);
    expect([...profileOutlook([7], 2, options)]).toEqual([7, 7]);
  });
});
