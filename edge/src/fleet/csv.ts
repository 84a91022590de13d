import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { PowerSeries } from "../profile/index.ts";

/** A table of the data folder: rows as objects by column name. The files are our own, so a fault in one is a bug. */
export type Row = Record<string, string>;

const DATA_URL = new URL("../../data/", import.meta.url);

/** @param name - path below `data/`; cells hold no comma, quote or line end, so that nothing has to be escaped */
export function readTable(name: string): Row[] {
  const [header = "", ...lines] = readFileSync(new URL(name, DATA_URL), "utf8").trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    assert(cells.length === names.length, `${name}: a row with ${cells.length} of ${names.length} cells`);
    return Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ""]));
  });
}

/** A cell that must be there. */
export function cell(row: Row, column: string): string {
  const value = row[column];
  assert(value !== undefined, `no column ${column}`);
  return value;
}

/** Integers of one column, in the order of the rows. */
export function integers(rows: readonly Row[], column: string): bigint[] {
  return rows.map((row) => BigInt(cell(row, column)));
}

/** The series of one column of W, whose step is the distance of the first two time stamps. */
export function powerSeries(rows: readonly Row[], valuesW: readonly bigint[]): PowerSeries {
  const [startUnixMs = 0, secondUnixMs = 0] = rows.slice(0, 2).map((row) => Date.parse(`${cell(row, "ts")}Z`));
  return new PowerSeries({ startUnixMs, stepMs: secondUnixMs - startUnixMs, valuesW });
}
