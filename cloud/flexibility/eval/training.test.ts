import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluateTraining } from "./training.ts";

const folder = mkdtempSync(join(tmpdir(), "gridpact-training-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("evaluateTraining", () => {
  it("refuses a folder without loads", async () => {
    await expect(evaluateTraining(folder)).rejects.toThrow("holds no loads");
  });

  it("learns every series of the fleet, and says what it took", async () => {
    mkdirSync(join(folder, "commercial"));
    const hour = (unit: number) => new Date(Date.UTC(2016, 0, 1, unit)).toISOString().slice(0, 19);
    const lines = Array.from({ length: 40 * 24 }, (_, unit) => `${hour(unit)},${100 + (unit % 24)}`);
    writeFileSync(join(folder, "commercial/load_kwh_hourly.csv"), ["ts,M1", ...lines].join("\n"));
    const { rows } = await evaluateTraining(folder, 5);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ series: 5, "at most s": null, met: null });
    for (const measured of ["s", "CPU s/series", "memory MB, first quarter", "memory MB, last quarter"]) {
      expect(Number(rows[0]?.[measured])).toBeGreaterThan(0);
    }
  }, 120_000);
});
