/** The rows of a SimBench-like grid as typed elements, before anything is known of how they hang together. */
import { BrokenGridError } from "../flexibility-error.ts";
import type { Row } from "./csv-rows.ts";

/** A node of the grid, as in SimBench's node table. */
export type Bus = {
  readonly busId: string;
  readonly name: string;
  /** Nominal voltage, line to line. */
  readonly nominalV: number;
  /** The feeding bus of the grid, held at the voltage of the network above. */
  readonly isSource: boolean;
};

/** A line or transformer between two buses, without direction yet. */
export type Link = {
  readonly branchId: string;
  readonly kind: "line" | "transformer";
  readonly busIds: readonly [string, string];
  /** Thermal limit. */
  readonly apparentVaMax: number;
};

const KILO = 1000;
/** SimBench's extract marks the slack bus by this role. */
const SOURCE_ROLE = "mv_slack";

/** @throws BrokenGridError for a missing cell or a voltage that is not positive */
export function busFromRow(row: Row): Bus {
  const busId = cell(row, "bus", "bus");
  return {
    busId,
    name: row["name"] ?? busId,
    nominalV: positiveKilo(row, "vn_kv", busId),
    isSource: cell(row, "role", busId) === SOURCE_ROLE,
  };
}

/** A line, or `null` when it is an open tie that carries nothing. */
export function linkFromLineRow(row: Row): Link | null {
  const branchId = cell(row, "line", "line");
  const closed = cell(row, "closed", branchId);
  if (closed === "0") return null;
  if (closed !== "1") throw new BrokenGridError("bad_number", branchId, `closed must be 0 or 1, is ${closed}`);
  return {
    branchId,
    kind: "line",
    busIds: [cell(row, "from_bus", branchId), cell(row, "to_bus", branchId)],
    apparentVaMax: positiveKilo(row, "s_max_kva", branchId),
  };
}

/**
 * Direction does not count: `busIds` are turned towards the source when the tree is made.
 *
 * @throws BrokenGridError for a missing cell or a rating that is not positive
 */
export function linkFromTransformerRow(row: Row): Link {
  const branchId = cell(row, "trafo", "transformer");
  return {
    branchId,
    kind: "transformer",
    busIds: [cell(row, "hv_bus", branchId), cell(row, "lv_bus", branchId)],
    apparentVaMax: positiveKilo(row, "s_kva", branchId),
  };
}

/** A cell that must be there. */
export function cell(row: Row, column: string, elementId: string): string {
  const text = row[column];
  if (text === undefined || text === "") throw new BrokenGridError("missing_column", elementId, `${column} is missing`);
  return text;
}

/** A number in kilo-units as whole units, since power is counted in whole watts everywhere else. */
export function kilo(row: Row, column: string, elementId: string): number {
  const value = Number(cell(row, column, elementId));
  if (!Number.isFinite(value)) throw new BrokenGridError("bad_number", elementId, `${column} is no number`);
  return Math.round(value * KILO);
}

function positiveKilo(row: Row, column: string, elementId: string): number {
  const value = kilo(row, column, elementId);
  if (value <= 0) throw new BrokenGridError("bad_number", elementId, `${column} must be positive`);
  return value;
}
