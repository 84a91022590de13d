import { describe, expect, it } from "vitest";
import { sustainableDraw } from "./sustainable-draw.ts";

describe("the draw that storage has to leave", () => {
  it("is the level above which just its energy lies", () => {
    expect(sustainableDraw([[1, 5, 3, 1]], 2)).toBeCloseTo(3, 4);
    expect(sustainableDraw([[1, 5, 3, 1]], 4)).toBeCloseTo(2, 4);
  });

  it("is the day's own highest draw without storage, and nothing with plenty or where nothing is drawn", () => {
    expect(sustainableDraw([[1, 5, -3]], 0)).toBeCloseTo(5, 4);
    expect(sustainableDraw([[1, 5, -3]], 99)).toBeCloseTo(0, 4);
    expect(sustainableDraw([[-1, -2]], 1)).toBe(0);
    expect(sustainableDraw([], 1)).toBe(0);
  });

  it("is that of the worst of several days", () => {
    expect(
      sustainableDraw(
        [
          [0, 4],
          [0, 8],
        ],
        1,
      ),
    ).toBeCloseTo(7, 4);
  });
});
