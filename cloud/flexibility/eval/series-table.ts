import { readFileSync } from "node:fs";

/** Columns of numbers over equal intervals; gaps are NaN. Local clock times are taken as UTC: no clock changes. */
export type SeriesTable = {
  /** Start of the first interval. */
  readonly startUnixMs: number;
  readonly stepMs: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The same columns as text, for the few that are no numbers. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
};

/** A year of 15-minute values is 35,136 rows; ten years bounds what a wrong timestamp can ask for. */
const ROWS_MAX = 400_000;

/**
 * Reads a table whose first column is the start of an interval. A missing interval becomes a gap in every column.
 *
 * @throws Error when the file is missing, a time is malformed or off the grid of the first two rows
 */
export function readSeriesTable(path: string): SeriesTable {
  const [header = "", ...lines] = readFileSync(path, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const names = header.split(",").slice(1);
  const cells = lines.map((line) => line.split(","));
  const times = cells.map(([time = ""]) => Date.parse(`${time}Z`));
  const startUnixMs = times[0] ?? Number.NaN;
  const stepMs = (times[1] ?? Number.NaN) - startUnixMs;
  const count = 1 + ((times.at(-1) ?? Number.NaN) - startUnixMs) / stepMs;
  if (!Number.isSafeInteger(count) || count > ROWS_MAX) throw new Error(`${path}: times do not lie on one grid`);
  const texts = new Map(names.map((name) => [name, Array.from({ length: count }, () => "")]));
  cells.forEach((row, index) => {
    const unit = ((times[index] ?? Number.NaN) - startUnixMs) / stepMs;
    if (!Number.isSafeInteger(unit)) throw new Error(`${path}: row ${index + 2} is off the grid of times`);
    names.forEach((name, column) => {
      const text = texts.get(name);
      if (text !== undefined) text[unit] = row[column + 1] ?? "";
    });
  });
  const columns = new Map([...texts].map(([name, text]) => [name, Float64Array.from(text, numberOrGap)]));
  return { startUnixMs, stepMs, columns, texts };
}

function numberOrGap(text: string): number {
  return text === "" ? Number.NaN : Number(text);
}

/** Sum over columns: a gap in one is a gap of the sum, else a silent meter would look like a saving. */
export function sumOfColumns(columns: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, unit) =>
    columns.reduce((sum, column) => sum + (column[unit] ?? Number.NaN), 0),
  );
}

/** Gaps bridged in a straight line for at most `straightUnits`, then by the last value; leading gaps remain. */
export function filledGaps(values: Float64Array, straightUnits: number): Float64Array {
  const result = Float64Array.from(values);
  let last = -1;
  for (let unit = 0; unit < values.length; unit += 1) {
    const value = values[unit] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (last >= 0) bridge(result, last, unit, straightUnits);
    last = unit;
  }
  if (last >= 0) bridge(result, last, values.length, 0);
  return result;
}

function bridge(values: Float64Array, from: number, to: number, straightUnits: number): void {
  const first = values[from] ?? Number.NaN;
  const slope = to < values.length ? ((values[to] ?? first) - first) / (to - from) : 0;
  for (let unit = from + 1; unit < to; unit += 1) {
    values[unit] = first + slope * Math.min(unit - from, straightUnits);
  }
}
