import { expect, it } from "vitest";
import { median, pairedRatio, rounded } from "./statistics.ts";

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

it("compares round by round, so that a machine that slows down on the way does not move the ratio", () => {
  const [slowing, tenTimes] = [
    [2, 2, 2, 1, 1],
    [20, 20, 10, 10, 10],
  ];
  expect(pairedRatio(tenTimes, slowing)).toBe(10);
  expect(median(tenTimes) / median(slowing)).toBe(5);
});

it.each([
  { values: [1], others: [] },
  { values: [], others: [1] },
  { values: [], others: [] },
])("has no ratio of $values to $others", ({ values, others }) => {
  expect(() => pairedRatio(values, others)).toThrow(RangeError);
});

it("rounds to digits that mean something", () => {
  expect([rounded(1234.5), rounded(0.012345), rounded(0.98765, 2)]).toEqual([1230, 0.0123, 0.99]);
});
