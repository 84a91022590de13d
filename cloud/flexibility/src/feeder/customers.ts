import { BrokenGridError } from "../flexibility-error.ts";
import type { Row } from "./csv-rows.ts";
import { cell, kilo } from "./grid-elements.ts";
import { checkBus, type RadialGrid } from "./radial-grid.ts";

/** The customers at one bus: how many, and their reference power together. */
export type BusCustomers = { readonly count: number; readonly powerW: number };

/**
 * Counts customers by bus from rows with the columns load, bus, p_ref_kw. Every bus of the grid is in the answer, with
 * zeros where nobody is connected.
 *
 * @throws BrokenGridError for a missing column, a bad number, a customer given twice or at an unknown bus
 */
export function customersByBus(grid: RadialGrid, loads: readonly Row[]): Map<string, BusCustomers> {
  const customers = new Map<string, BusCustomers>();
  for (const busId of grid.buses.keys()) customers.set(busId, { count: 0, powerW: 0 });
  const seen = new Set<string>();
  for (const row of loads) {
    const loadId = cell(row, "load", "load");
    if (seen.has(loadId)) throw new BrokenGridError("duplicate_id", loadId, "the customer is given twice");
    seen.add(loadId);
    const busId = cell(row, "bus", loadId);
    checkBus(grid, busId);
    const { count, powerW } = customers.get(busId) ?? { count: 0, powerW: 0 };
    customers.set(busId, { count: count + 1, powerW: powerW + kilo(row, "p_ref_kw", loadId) });
  }
  return customers;
}
