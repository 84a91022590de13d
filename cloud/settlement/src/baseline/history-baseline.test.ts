import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InsufficientHistoryError, InvalidTermsError } from "../settlement-error.ts";
import type { DayHistory } from "./eligible-days.ts";
import { type HistoryInput, highXofY, tenInTen } from "./history-baseline.ts";

/** The event is on Friday 2024-03-29; the weekdays before it, most recent first. */
const WEEKDAYS = [28, 27, 26, 25, 22, 21, 20, 19, 18, 15, 14, 13].map((day) => `2024-03-${day}`);

function input(windows: bigint[][], extra: DayHistory[] = []): HistoryInput {
  const history = windows.map((windowWh, index) => ({ localDate: WEEKDAYS[index] ?? "", windowWh }));
  return {
    history: [...history, ...extra],
    selection: { eventDate: "2024-03-29", eventDates: [], holidays: [] },
    windowLength: windows[0]?.length ?? 0,
  };
}

const energyWh = fc.bigInt({ min: -100_000n, max: 100_000n });
const windows = fc.array(fc.tuple(energyWh, energyWh, energyWh), { minLength: 10, maxLength: 12 });

describe("tenInTen", () => {
  it("averages each unit over the ten most recent eligible days and ignores older ones", () => {
    const tenDays = Array.from({ length: 10 }, (_, index) => [BigInt(index), -BigInt(index)]);
    const baseline = tenInTen(input([...tenDays, [9_999n, 9_999n]]));
    // 45 / 10 = 4.5: half away from zero, on both sides of it.
    expect(baseline.baselineWh).toEqual([5n, -5n]);
    expect(baseline.localDates).toEqual(WEEKDAYS.slice(0, 10));
  });

  it("averages the adjustment window over the same days", () => {
    const history = WEEKDAYS.map((localDate, index) => ({
      localDate,
      windowWh: [1n],
      adjustmentWh: [BigInt(index) * 10n, 7n],
    }));
    const { adjustmentBaselineWh } = tenInTen({ ...input([[1n]]), history, adjustmentLength: 2 });
    expect(adjustmentBaselineWh).toEqual([45n, 7n]);
  });

  it("says how many days are missing", () => {
    const nineDays = input(Array.from({ length: 9 }, () => [1n]));
    expect(() => tenInTen(nineDays)).toThrow(InsufficientHistoryError);
    expect(() => tenInTen(nineDays)).toThrow(
      expect.objectContaining({ code: "SETTLEMENT_INSUFFICIENT_HISTORY", required: 10, found: 9 }),
    );
  });

  it("does not change when a day is added that may not count", () => {
    const outside = fc.constantFrom(
      "2024-03-29",
      "2024-03-30",
      "2024-04-01",
      "2024-03-23",
      "2024-03-24",
      "2024-03-12",
      "2024-01-15",
    );
    fc.assert(
      fc.property(windows, outside, fc.tuple(energyWh, energyWh, energyWh), (rows, localDate, windowWh) => {
        expect(tenInTen(input(rows, [{ localDate, windowWh }]))).toEqual(tenInTen(input(rows)));
      }),
    );
  });

  it("lies between the lowest and the highest day, in every unit", () => {
    fc.assert(
      fc.property(windows, (rows) => {
        const used = rows.slice(0, 10);
        tenInTen(input(rows)).baselineWh.forEach((meanWh, unit) => {
          const values = used.map((row) => row[unit] ?? 0n);
          expect(values.some((value) => value <= meanWh)).toBe(true);
          expect(values.some((value) => value >= meanWh)).toBe(true);
        });
      }),
    );
  });
});

describe("highXofY", () => {
  it("averages the days with the highest energy in the window", () => {
    const rows = [
      [1n, 1n],
      [9n, 1n],
      [0n, 2n],
      [5n, 6n],
      [100n, 0n],
    ];
    expect(highXofY(input(rows), { x: 2, y: 4 })).toEqual({
      baselineWh: [7n, 4n],
      adjustmentBaselineWh: [],
      localDates: ["2024-03-27", "2024-03-25"],
    });
  });

  it("takes the more recent day on a tie", () => {
    expect(
      highXofY(
        input([
          [1n, 2n],
          [2n, 1n],
          [3n, 0n],
        ]),
        { x: 1, y: 3 },
      ).localDates,
    ).toEqual(["2024-03-28"]);
  });

  it("means five of ten by name alone", () => {
    const rows = Array.from({ length: 10 }, (_, index) => [BigInt(index)]);
    expect(highXofY(input(rows)).baselineWh).toEqual([7n]);
  });

  it("equals ten in ten when it takes all of ten, and else is at least as high in total", () => {
    const total = (values: bigint[]) => values.reduce((sum, value) => sum + value, 0n);
    fc.assert(
      fc.property(windows, (rows) => {
        const all = tenInTen(input(rows));
        expect(highXofY(input(rows), { x: 10, y: 10 })).toEqual(all);
        // Each of the three units is rounded once on either side.
        const highest = highXofY(input(rows), { x: 5, y: 10 });
        expect(total(highest.baselineWh) + 3n >= total(all.baselineWh)).toBe(true);
      }),
    );
  });

  it.each([
    [0, 10],
    [11, 10],
    [1.5, 10],
  ])("rejects %d of %d", (x, y) => {
    expect(() => highXofY(input([[1n]]), { x, y })).toThrow(InvalidTermsError);
  });

  it("requires all Y days, not only X", () => {
    expect(() => highXofY(input([[1n], [2n]]), { x: 1, y: 3 })).toThrow(InsufficientHistoryError);
  });
});
