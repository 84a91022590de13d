import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { dayNumber, isWeekday } from "./local-date.ts";

describe("dayNumber", () => {
  it.each([
    ["1970-01-01", 0],
    ["1969-12-31", -1],
    ["2024-02-29", 19_782],
    ["2026-11-22", 20_779],
  ])("numbers %s as %i", (localDate, day) => {
    expect(dayNumber(localDate)).toBe(day);
  });

  it.each(["2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T00:00:00Z", "24-01-01", "", "2024-00-10"])(
    "rejects %j",
    (localDate) => {
      expect(() => dayNumber(localDate)).toThrow(InvalidTermsError);
    },
  );
});

describe("isWeekday", () => {
  it.each([
    ["2024-03-04", true],
    ["2024-03-08", true],
    ["2024-03-09", false],
    ["2024-03-10", false],
    ["1969-12-27", false],
    ["1969-12-29", true],
  ])("%s: %s", (localDate, expected) => {
    expect(isWeekday(dayNumber(localDate))).toBe(expected);
  });
});
