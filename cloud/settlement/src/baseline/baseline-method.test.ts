import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { BASELINE_METHODS, computeBaseline, isBaselineMethod } from "./baseline-method.ts";
import type { HistoryInput } from "./history-baseline.ts";

const input: HistoryInput = {
  history: [28, 27, 26, 25, 22, 21, 20, 19, 18, 15].map((day, index) => ({
    localDate: `2024-03-${day}`,
    windowWh: [BigInt(index)],
  })),
  selection: { eventDate: "2024-03-29", eventDates: [], holidays: [] },
  windowLength: 1,
};

describe("computeBaseline", () => {
  it("computes by the method that the contract names", () => {
    expect(computeBaseline({ method: "tenInTen", input }).baselineWh).toEqual([5n]);
    expect(computeBaseline({ method: "highXofY", input }).baselineWh).toEqual([7n]);
    const surrounding = { beforeWh: [3n] };
    expect(computeBaseline({ method: "meterBeforeAfter", surrounding, windowLength: 2 }).baselineWh).toEqual([3n, 3n]);
    expect(computeBaseline({ method: "nominated", nominatedWh: [8n], windowLength: 1 })).toEqual({
      baselineWh: [8n],
      adjustmentBaselineWh: [],
      localDates: [],
    });
  });

  it("rejects a nomination that does not cover every unit", () => {
    expect(() => computeBaseline({ method: "nominated", nominatedWh: [8n], windowLength: 2 })).toThrow(
      InvalidTermsError,
    );
  });
});

describe("isBaselineMethod", () => {
  it("accepts every listed method and rejects any other text", () => {
    expect(BASELINE_METHODS.every(isBaselineMethod)).toBe(true);
    expect(isBaselineMethod("tenintEn")).toBe(false);
    expect(isBaselineMethod("")).toBe(false);
  });
});
