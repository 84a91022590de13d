import { describe, expect, it } from "vitest";
import { pairedTest } from "./paired-test.ts";

describe("pairedTest", () => {
  it("finds a clear difference and no difference", () => {
    const clear = Array.from({ length: 100 }, (_, index) => 1 + (index % 5));
    expect(pairedTest(clear).p).toBeLessThan(1e-6);
    const none = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : -1));
    expect(pairedTest(none)).toEqual({ t: 0, p: expect.closeTo(0.5, 6) });
  });

  it("agrees with the normal table", () => {
    // Mean 0.0196 of a population with deviation 0.1 over 100 pairs: t = 1.96 within rounding.
    const base = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 0.1 : -0.1));
    const { t, p } = pairedTest(base.map((value) => value + 0.0196 * Math.sqrt(100 / 99)));
    expect(t).toBeCloseTo(1.96, 2);
    expect(p).toBeCloseTo(0.025, 3);
  });

  it("decides equal differences by their sign, and refuses a single pair", () => {
    expect(pairedTest([1, 1, 1]).p).toBe(0);
    expect(pairedTest([-1, -1]).p).toBe(1);
    expect(() => pairedTest([1])).toThrow(RangeError);
  });
});
