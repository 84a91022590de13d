import { describe, expect, it } from "vitest";
import { nextWorkingMorning } from "./morning.ts";

function morningAfter(instant: string): string {
  return new Date(nextWorkingMorning(Date.parse(instant))).toISOString();
}

describe("the next working morning", () => {
  it.each([
    ["08:00 itself", "2016-01-28T08:00:00.000Z", "2016-01-28T08:00:00.000Z"],
    ["the night before", "2016-01-28T00:00:00.000Z", "2016-01-28T08:00:00.000Z"],
    ["a millisecond before 08:00", "2016-01-28T07:59:59.999Z", "2016-01-28T08:00:00.000Z"],
    ["a millisecond after 08:00, the next day", "2016-01-28T08:00:00.001Z", "2016-01-29T08:00:00.000Z"],
    ["Friday after 08:00, Monday", "2016-01-29T08:00:00.001Z", "2016-02-01T08:00:00.000Z"],
    ["Saturday, Monday", "2016-01-30T03:00:00.000Z", "2016-02-01T08:00:00.000Z"],
    ["Sunday's last moment, Monday", "2016-01-31T23:59:59.999Z", "2016-02-01T08:00:00.000Z"],
    ["the year's last Friday evening, the next year", "2021-12-31T20:00:00.000Z", "2022-01-03T08:00:00.000Z"],
  ])("from %s", (_, from, expected) => {
    expect(morningAfter(from)).toBe(expected);
  });

  it("is at 08:00 UTC on the days when clocks change in Europe, too", () => {
    expect(morningAfter("2016-03-25T09:00:00.000Z")).toBe("2016-03-28T08:00:00.000Z");
    expect(morningAfter("2016-10-28T09:00:00.000Z")).toBe("2016-10-31T08:00:00.000Z");
  });

  it("never lies before the instant, nor is it more than a weekend away", () => {
    const hourMs = 3_600_000;
    for (let hour = 0; hour < 14 * 24; hour++) {
      const from = Date.UTC(2016, 0, 1) + hour * hourMs + 1;
      const morning = nextWorkingMorning(from);
      expect(morning).toBeGreaterThanOrEqual(from);
      expect(morning - from).toBeLessThan(72 * hourMs);
      expect([1, 2, 3, 4, 5]).toContain(new Date(morning).getUTCDay());
    }
  });
});
