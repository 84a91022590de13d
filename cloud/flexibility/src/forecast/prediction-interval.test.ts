import { describe, expect, it } from "vitest";
import { loadSeries } from "./load-series.ts";
import { residualQuantiles } from "./prediction-interval.ts";

const HOUR_MS = 3_600_000;
const series = (powerW: number[]) => loadSeries({ startUnixMs: 0, mtuMs: HOUR_MS, powerW }, 0);
const zeroTo = (last: number) => Array.from({ length: last + 1 }, (_, index) => index);

describe("residualQuantiles", () => {
  it("interpolates between order statistics", () => {
    expect(residualQuantiles([zeroTo(10)], series([]))).toEqual([{ p10W: 1, p50W: 5, p90W: 9 }]);
    expect(residualQuantiles([zeroTo(11)], series([]))[0]?.p50W).toBe(5.5);
  });

  it("pools the leads within an hour and no others", () => {
    const leads = [zeroTo(10), zeroTo(10), zeroTo(10), zeroTo(10).map((value) => value + 100)];
    const quantiles = residualQuantiles(leads, series([]));
    expect(quantiles[1]).toEqual({ p10W: 1, p50W: 5, p90W: 9 });
    expect(quantiles[3]?.p90W).toBeGreaterThan(100);
  });

  it("takes the residuals of all leads where too few are near", () => {
    const quantiles = residualQuantiles([[0], [], [], zeroTo(10).slice(1)], series([]));
    expect(quantiles[0]).toEqual({ p10W: 1, p50W: 5, p90W: 9 });
  });

  it("takes the spread of the history when there are too few residuals at all", () => {
    const quantiles = residualQuantiles([[], []], series(zeroTo(10)));
    expect(quantiles).toEqual([
      { p10W: -4, p50W: 0, p90W: 4 },
      { p10W: -4, p50W: 0, p90W: 4 },
    ]);
  });

  it("is zero without any value", () => {
    expect(residualQuantiles([[]], series([]))).toEqual([{ p10W: 0, p50W: 0, p90W: 0 }]);
  });
});
