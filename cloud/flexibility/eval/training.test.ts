import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluateTraining } from "./training.ts";

const folder = mkdtempSync(join(tmpdir(), "gridpact-training-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("evaluateTraining", () => {
  it("refuses a folder without loads", () => {
    expect(() => evaluateTraining(folder)).toThrow("holds no loads");
  });

  it("measures a sample, and says which fleet is extrapolated from it", () => {
    mkdirSync(join(folder, "commercial"));
    const hour = (unit: number) => new Date(Date.UTC(2016, 0, 1, unit)).toISOString().slice(0, 19);
    const lines = Array.from({ length: 40 * 24 }, (_, unit) => `${hour(unit)},${100 + (unit % 24)}`);
    writeFileSync(join(folder, "commercial/load_kwh_hourly.csv"), ["ts,M1", ...lines].join("\n"));
    const { rows } = evaluateTraining(folder);
    expect(rows.map(({ series, basis }) => [series, basis])).toEqual([
      [60, "measured, halved for two cores"],
      [10_000, "extrapolated from the sample"],
    ]);
    const [small, large] = rows.map((row) => Number(row["s on two cores"]));
    expect(large).toBeCloseTo(((small ?? 0) * 10_000) / 60, 6);
    expect(Number(rows[0]?.["memory MB"])).toBeGreaterThan(10);
  }, 120_000);
});
