import { cell, readTable } from "./csv.ts";
import type { FeederDescription } from "./feid-description.ts";

/** Volt-ampere of one kVA. */
const VA_PER_KVA = 1_000;

/**
 * Feeders of the grid: every line that leaves the transformer's low-voltage busbar begins one, and all buses that
 * are reached through it belong to it. The grid is radial, so each bus has one feeder.
 */
export function readFeeders(): FeederDescription[] {
  const busbar = cell(readTable("simbench/transformers.csv")[0] ?? {}, "lv_bus");
  const lines = readTable("simbench/lines.csv")
    .filter((row) => cell(row, "closed") === "1")
    .map((row) => ({ ends: [cell(row, "from_bus"), cell(row, "to_bus")], kva: Number(cell(row, "s_max_kva")) }));
  const neighbours = (bus: string) =>
    lines
      .filter(({ ends }) => ends.includes(bus))
      .map(({ ends, kva }) => ({ bus: ends.find((end) => end !== bus), kva }));
  return neighbours(busbar).map(({ bus: first = "", kva }) => ({
    feeder: `feeder-${first.toLowerCase()}`,
    vnId: "district",
    buses: reach(first, (bus) => neighbours(bus).map((line) => line.bus ?? ""), new Set([busbar])),
    powerVaMax: BigInt(Math.floor(kva * VA_PER_KVA)),
  }));
}

/** All buses that are connected with the first one other than through a visited one. */
function reach(first: string, neighbours: (bus: string) => string[], visited: Set<string>): string[] {
  const reached = [first];
  visited.add(first);
  for (const bus of reached) {
    for (const next of neighbours(bus)) {
      if (visited.has(next)) continue;
      visited.add(next);
      reached.push(next);
    }
  }
  return reached.sort();
}
