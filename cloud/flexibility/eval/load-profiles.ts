import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LoadProfile } from "../src/matching/training/matching-world.ts";
import { readSeriesTable } from "./series-table.ts";

/** Files of measured load, and how many Wh one of their units is in an hour-long step. */
const SOURCES = [
  { file: "homes/load_kwh_hourly.csv", isPower: false },
  { file: "sgsc_homes/load_kwh_30min.csv", isPower: false },
  { file: "grid/1-LV-semiurb4--2-sw/load_p_kw.csv", isPower: true },
  { file: "grid/1-LV-rural1--0-sw/load_p_kw.csv", isPower: true },
] as const;

const QUARTER_MS = 900_000;
const QUARTERS_PER_DAY = 96;

/** Share of each profile's days that training sees; the rest is kept for the evaluation. */
const TRAINING_SHARE = 0.6;

/** Loads of a folder in quarter hours, only whole days without gaps; either the days for training or the later ones. */
export function readLoadProfiles(dataDir: string, part: "training" | "evaluation"): LoadProfile[] {
  return SOURCES.filter(({ file }) => existsSync(join(dataDir, file))).flatMap(({ file, isPower }) => {
    const { columns, stepMs } = readSeriesTable(join(dataDir, file));
    const whPerUnit = isPower ? 250 : (1000 * QUARTER_MS) / stepMs;
    return [...columns].map(([name, values]) => {
      const repeat = Math.round(stepMs / QUARTER_MS);
      const quarterWh = Float64Array.from({ length: values.length * repeat }, (_, quarter) => {
        return whPerUnit * (values[Math.floor(quarter / repeat)] ?? Number.NaN);
      });
      return { name: `${file} ${name}`, quarterWh: partOf(wholeDays(quarterWh), part) };
    });
  });
}

function wholeDays(quarterWh: Float64Array): Float64Array[] {
  const count = Math.floor(quarterWh.length / QUARTERS_PER_DAY);
  return Array.from({ length: count }, (_, day) =>
    quarterWh.subarray(day * QUARTERS_PER_DAY, (day + 1) * QUARTERS_PER_DAY),
  ).filter((day) => day.every(Number.isFinite));
}

function partOf(days: readonly Float64Array[], part: "training" | "evaluation"): Float64Array {
  const border = Math.floor(days.length * TRAINING_SHARE);
  const kept = part === "training" ? days.slice(0, border) : days.slice(border);
  return Float64Array.from(kept.flatMap((day) => [...day]));
}
