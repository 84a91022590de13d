import { expect, it } from "vitest";
import { median, rounded } from "./statistics.ts";

it.each([
  { values: [3], middle: 3 },
  { values: [9, 1, 2], middle: 2 },
  { values: [10, 9, 1, 2], middle: 5.5 },
])("the median of $values is $middle", ({ values, middle }) => {
  expect(median(values)).toBe(middle);
});

it("has no median of nothing", () => {
  expect(() => median([])).toThrow(RangeError);
});

it("rounds to digits that mean something", () => {
  expect([rounded(1234.5), rounded(0.012345), rounded(0.98765, 2)]).toEqual([1230, 0.0123, 0.99]);
});
