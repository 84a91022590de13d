import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absolute, divideRounded } from "./integer.ts";

describe("divideRounded", () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [0n, 7n, 0n],
    [-1n, 3n, 0n],
  ])("rounds %s / %s half away from zero to %s", (numerator, denominator, rounded) => {
    expect(divideRounded(numerator, denominator)).toBe(rounded);
  });

  it("stays within half a unit of the exact ratio and mirrors at zero", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (numerator, denominator) => {
        const rounded = divideRounded(numerator, denominator);
        expect(absolute(rounded * denominator - numerator) * 2n <= denominator).toBe(true);
        expect(divideRounded(-numerator, denominator)).toBe(-rounded);
      }),
    );
  });
});
