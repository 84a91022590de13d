/**
 * Segments of real profiles beside k-means and k-medoids of another program, and what dynamic re-clustering is worth:
 * the error between requested and delivered on weeks that no decision had seen.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { segmentProfiles } from "../src/index.ts";
import { type References, readReferences, referenceAt } from "./data-folder.ts";
import type { EvalReport } from "./eval-report.ts";
import { reclusterTrial } from "./recluster-trial.ts";
import { readSeriesTable, type SeriesTable } from "./series-table.ts";

const DAY_MS = 86_400_000;
/** Any seed serves; a fixed one gives everybody the same table. */
const SEED = 7;
const CLIENT_DAYS_EVERY = 5;
/** A day with less than this is a vacant house: its shape is noise. */
const DAY_KWH_MIN = 0.5;

type ProfileSet = {
  readonly name: string;
  readonly profiles: Float64Array[];
  readonly segmentCounts: readonly number[];
};

/** Segments every profile set that the folder holds, and plays the re-clustering on the homes and the grid. */
export function evaluateClusters(dataDir: string): EvalReport {
  const references = readReferences(dataDir);
  const rows = [
    ...profileSets(dataDir).flatMap((set) => set.segmentCounts.map((count) => segmentationRow(set, count, references))),
    ...trialTables(dataDir).map(({ name, table, membersMax }) => ({ set: name, ...reclusterTrial(table, membersMax) })),
  ];
  return {
    title: "Segments of day profiles (mean silhouette, higher is better), and re-clustering on held-back weeks",
    rows,
    remarks: [
      "won: the method with the best silhouette on the profiles; 'code' methods segment the autoencoder's codes.",
      "error: mean over nodes and events of |delivered - requested| / requested, weeks decided from weeks before.",
      "returns: members that went back to a node which they had left within four weeks.",
    ],
  };
}

function segmentationRow(set: ProfileSet, k: number, references: References): EvalReport["rows"][number] {
  const found = segmentProfiles(set.profiles, { segmentCount: k, seed: SEED });
  const referenceOf = (method: string) =>
    referenceAt(references, "clustering", set.name, "results", `${method}_${k}`, "silhouette");
  const medoids = referenceOf("kmedoids");
  return {
    set: set.name,
    profiles: set.profiles.length,
    k,
    silhouette: found.silhouette,
    won: found.method,
    "on codes": Math.max(found.byMethod.codeMedoids, found.byMethod.codeMeans),
    "k-medoids, reference": medoids,
    "k-means, reference": referenceOf("kmeans"),
    // A last digit may differ by how a reference was rounded.
    met: medoids === null ? null : found.silhouette >= medoids - 1e-5,
  };
}

function profileSets(dataDir: string): ProfileSet[] {
  const sets: ProfileSet[] = [];
  const homes = join(dataDir, "homes/load_kwh_hourly.csv");
  if (existsSync(homes)) {
    const table = readSeriesTable(homes);
    sets.push({
      name: "homes_client_days_every5th",
      profiles: clientDays(table),
      segmentCounts: [2, 3, 4, 5, 6, 7, 8],
    });
    sets.push({ name: "homes_clients_mean_weekday_shape", profiles: weekdayShapes(table), segmentCounts: [2, 3, 4] });
  }
  const grid = join(dataDir, "grid/1-LV-semiurb4--2-sw/load_p_kw.csv");
  if (existsSync(grid)) {
    const name = "grid_loads_mean_weekday_shape_1-LV-semiurb4--2-sw";
    sets.push({ name, profiles: weekdayShapes(readSeriesTable(grid)), segmentCounts: [2, 3, 4, 5, 6, 7, 8] });
  }
  return sets;
}

function trialTables(dataDir: string): { name: string; table: SeriesTable; membersMax: number }[] {
  const trials = [
    { name: "re-clustering homes", file: "homes/load_kwh_hourly.csv", membersMax: 3 },
    { name: "re-clustering grid loads", file: "grid/1-LV-semiurb4--2-sw/load_p_kw.csv", membersMax: 12 },
  ];
  return trials
    .filter(({ file }) => existsSync(join(dataDir, file)))
    .map(({ name, file, membersMax }) => ({ name, table: readSeriesTable(join(dataDir, file)), membersMax }));
}

/** Shapes (sum 1) of every fifth day of all clients, client after client. */
function clientDays(table: SeriesTable): Float64Array[] {
  const days = [...table.columns.values()].flatMap((values) => daysOf(values, table).map(({ values: day }) => day));
  return days
    .filter((day) => sumOf(day) > DAY_KWH_MIN)
    .filter((_, index) => index % CLIENT_DAYS_EVERY === 0)
    .map(shapeOf);
}

/** Shape of the mean working day of each client. */
function weekdayShapes(table: SeriesTable): Float64Array[] {
  return [...table.columns.values()].map((values) => {
    const days = daysOf(values, table).filter(({ weekday }) => weekday % 6 !== 0);
    const sum = new Float64Array(DAY_MS / table.stepMs);
    for (const { values: day } of days) {
      day.forEach((value, slot) => {
        sum[slot] = (sum[slot] ?? 0) + value;
      });
    }
    return shapeOf(sum);
  });
}

/** Whole days without a gap. */
function daysOf(
  values: Float64Array,
  { startUnixMs, stepMs }: SeriesTable,
): { weekday: number; values: Float64Array }[] {
  const perDay = DAY_MS / stepMs;
  const skipped = ((DAY_MS - (startUnixMs % DAY_MS)) % DAY_MS) / stepMs;
  return Array.from({ length: Math.floor((values.length - skipped) / perDay) }, (_, index) => {
    const first = skipped + index * perDay;
    const weekday = new Date(startUnixMs + first * stepMs).getUTCDay();
    return { weekday, values: values.subarray(first, first + perDay) };
  }).filter((day) => !day.values.some(Number.isNaN));
}

function shapeOf(day: Float64Array): Float64Array {
  const total = sumOf(day);
  return day.map((value) => (total === 0 ? 0 : value / total));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
