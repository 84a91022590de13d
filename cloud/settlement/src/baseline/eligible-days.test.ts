import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { type DayHistory, type DaySelection, HISTORY_DAYS_MAX, selectEligibleDays } from "./eligible-days.ts";

/** 2024-03-20 was a Wednesday; the 9th and 10th, 16th and 17th were weekends. */
const selection: DaySelection = { eventDate: "2024-03-20", eventDates: [], holidays: [] };
const lengths = { windowLength: 2, adjustmentLength: 0 };

function march(day: number, windowWh: (bigint | null)[] = [1n, 2n]): DayHistory {
  return { localDate: `2024-03-${String(day).padStart(2, "0")}`, windowWh };
}

function dates(history: DayHistory[], overrides: Partial<DaySelection> = {}): string[] {
  return selectEligibleDays(history, { ...selection, ...overrides }, lengths).map(({ localDate }) =>
    localDate.slice(8),
  );
}

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => march(from + index));

describe("selectEligibleDays", () => {
  it("takes weekdays before a weekday event, most recent first", () => {
    expect(dates(days(13, 24))).toEqual(["19", "18", "15", "14", "13"]);
  });

  it("takes weekend days for a weekend event", () => {
    expect(dates(days(4, 24), { eventDate: "2024-03-23" })).toEqual(["17", "16", "10", "09"]);
  });

  it("treats an event on a holiday as one on a weekend", () => {
    expect(dates(days(13, 20), { holidays: ["2024-03-20"] })).toEqual(["17", "16"]);
  });

  it("leaves out event days and holidays", () => {
    expect(dates(days(13, 19), { eventDates: ["2024-03-18"], holidays: ["2024-03-14"] })).toEqual(["19", "15", "13"]);
  });

  it("leaves out days with a missing unit or another number of units", () => {
    expect(dates([march(19, [1n, null]), march(18, [1n]), march(15), march(14, [1n, 2n, 3n])])).toEqual(["15"]);
  });

  it("takes a day at the edge of the lookback and not the one before it", () => {
    expect(dates(days(11, 19), { lookbackDays: 8 })).toEqual(["19", "18", "15", "14", "13", "12"]);
  });

  it("looks at the adjustment window only when there is one", () => {
    const gap: DayHistory = { ...march(19), adjustmentWh: [null] };
    expect(selectEligibleDays([gap], selection, { windowLength: 2, adjustmentLength: 0 })).toHaveLength(1);
    expect(selectEligibleDays([gap], selection, { windowLength: 2, adjustmentLength: 1 })).toHaveLength(0);
    const whole: DayHistory = { ...march(19), adjustmentWh: [5n] };
    expect(selectEligibleDays([whole], selection, { windowLength: 2, adjustmentLength: 1 })).toEqual([
      { localDate: "2024-03-19", windowWh: [1n, 2n], adjustmentWh: [5n] },
    ]);
  });

  it("does not depend on the order of the history", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(days(1, 25), { minLength: 25 }), (shuffled) => {
        expect(dates(shuffled)).toEqual(dates(days(1, 25)));
      }),
    );
  });

  it("rejects a date given twice and a date that does not exist", () => {
    expect(() => dates([march(19), march(19)])).toThrow(InvalidTermsError);
    expect(() => dates([march(32)])).toThrow(InvalidTermsError);
    expect(() => dates([march(19)], { holidays: ["2024-02-30"] })).toThrow(InvalidTermsError);
  });

  it("accepts the longest history and rejects one day more", () => {
    const history = (count: number) =>
      Array.from({ length: count }, (_, index): DayHistory => {
        const localDate = new Date(Date.UTC(2024, 2, 19 - index)).toISOString().slice(0, 10);
        return { localDate, windowWh: [1n, 2n] };
      });
    expect(dates(history(HISTORY_DAYS_MAX)).length).toBeGreaterThan(0);
    expect(() => dates(history(HISTORY_DAYS_MAX + 1))).toThrow(InvalidTermsError);
  });
});
