import { keepsRows, type ReadingRows } from "@gridpact/native";
import type { StoreConfig } from "../config.ts";

const ROWS = { none: "none", sqlite: "readings", influx: "line-protocol" } as const satisfies Record<
  StoreConfig["kind"],
  ReadingRows
>;

/** What the engine of a virtual node with this store MUST keep of each reading; more only costs. */
export function rowsForStore(kind: StoreConfig["kind"]): ReadingRows {
  return ROWS[kind];
}

/** Whether a store of this kind finds in the engine's outcomes what it takes. */
export function servesStore(rows: ReadingRows, kind: StoreConfig["kind"]): boolean {
  const wanted = ROWS[kind];
  return wanted === "none" || keepsRows(rows, wanted);
}
