import { describe, expect, it } from "vitest";
import { RidgeSums } from "./ridge.ts";

/** Rows of two features that are not alike, and a target of 2 a - 3 b. */
function learnt(rows: number, weights = [2, -3]): RidgeSums {
  const sums = new RidgeSums(3);
  for (let row = 0; row < rows; row += 1) {
    const features = Float64Array.of(((row * 7) % 11) - 5, ((row * 3) % 13) - 6, 0);
    sums.add(features, (weights[0] ?? 0) * (features[0] ?? 0) + (weights[1] ?? 0) * (features[1] ?? 0));
  }
  return sums;
}

describe("RidgeSums", () => {
  it("finds what a target was made of, and leaves a silent feature at zero", () => {
    const [first, second, silent] = learnt(200).solve(1e-9, 3);
    expect(first).toBeCloseTo(2, 5);
    expect(second).toBeCloseTo(-3, 5);
    expect(silent).toBe(0);
  });

  it("shrinks a lone feature to half with a penalty of one", () => {
    const sums = new RidgeSums(1);
    for (const value of [-2, -1, 1, 2]) sums.add(Float64Array.of(value), 5 * value);
    expect(sums.solve(1, 1)[0]).toBeCloseTo(2.5, 9);
  });

  it("weighs what faded less than what is new", () => {
    const sums = learnt(200, [2, 0]);
    sums.fade(0.001);
    for (let row = 0; row < 200; row += 1) sums.add(Float64Array.of((row % 11) - 5, 0, 0), 7 * ((row % 11) - 5));
    expect(sums.solve(1e-9, 1)[0]).toBeGreaterThan(6.9);
  });

  it("leaves out features beyond the active ones", () => {
    const [, second] = learnt(200).solve(1e-9, 1);
    expect(second).toBe(0);
  });

  it("answers zeros before anything was learnt", () => {
    expect([...new RidgeSums(2).solve(0.3, 2)]).toEqual([0, 0]);
  });
});
