/**
 * A radial low-voltage grid: one source, and one way from it to every bus.
 *
 *   source bus --transformer-- LV busbar --line-- bus --line-- bus      feeder 1
 *                                   \------line-- bus                   feeder 2
 */
import { BrokenGridError } from "../flexibility-error.ts";
import type { Row } from "./csv-rows.ts";
import { type Bus, busFromRow, type Link, linkFromLineRow, linkFromTransformerRow } from "./grid-elements.ts";

/**
 * Tables in the columns of the SimBench extract: bus, vn_kv, role; line, from_bus, to_bus, s_max_kva, closed; trafo,
 * ...
 */
export type GridRows = {
  readonly buses: readonly Row[];
  readonly lines: readonly Row[];
  readonly transformers: readonly Row[];
};

/** A line or transformer, seen from the source. */
export type Branch = {
  readonly branchId: string;
  readonly kind: "line" | "transformer";
  readonly upstreamBusId: string;
  readonly downstreamBusId: string;
  /** Thermal limit in VA. */
  readonly apparentVaMax: number;
};

/** A tree: there is one way from the source to each bus. */
export type RadialGrid = {
  readonly sourceBusId: string;
  readonly buses: ReadonlyMap<string, Bus>;
  /** Every closed branch, each after the one that feeds it. */
  readonly branches: readonly Branch[];
  /** By bus: the branch that feeds it; none for the source. */
  readonly feedingBranch: ReadonlyMap<string, Branch>;
};

/**
 * Builds the model from table rows. Open lines are left out.
 *
 * @throws BrokenGridError for missing columns, bad numbers, ids given twice, unknown buses, no or several sources, a
 *   loop (parallel branches are one) or buses that nothing feeds; `fault` and `elementId` say which and where
 */
export function parseRadialGrid(rows: GridRows): RadialGrid {
  const buses = indexBuses(rows.buses.map(busFromRow));
  const links = [
    ...rows.transformers.map(linkFromTransformerRow),
    ...rows.lines.map(linkFromLineRow).filter((link) => link !== null),
  ];
  checkLinks(links, buses);
  const sourceBusId = findSource(buses);
  const branches = orientBranches(sourceBusId, linksByBus(links));
  const feedingBranch = new Map(branches.map((branch) => [branch.downstreamBusId, branch]));
  for (const busId of buses.keys()) {
    if (busId !== sourceBusId && !feedingBranch.has(busId))
      throw new BrokenGridError("island", busId, "nothing feeds it");
  }
  return { sourceBusId, buses, branches, feedingBranch };
}

/**
 * The branches between a bus and the source, the nearest first.
 *
 * @throws BrokenGridError for an unknown bus
 */
export function pathToSource(grid: RadialGrid, busId: string): Branch[] {
  checkBus(grid, busId);
  const path: Branch[] = [];
  for (let branch = grid.feedingBranch.get(busId); branch !== undefined; ) {
    path.push(branch);
    branch = grid.feedingBranch.get(branch.upstreamBusId);
  }
  return path;
}

/**
 * The feeder of a bus, named by its first line below the transformer; `null` at the busbar and above it.
 *
 * @throws BrokenGridError for an unknown bus
 */
export function feederOf(grid: RadialGrid, busId: string): string | null {
  const path = pathToSource(grid, busId);
  const transformer = path.findIndex((branch) => branch.kind === "transformer");
  // Without a transformer the source itself is the busbar.
  const first = transformer === -1 ? path.at(-1) : path[transformer - 1];
  return first?.branchId ?? null;
}

/** @throws BrokenGridError for a bus that the grid does not have */
export function checkBus(grid: RadialGrid, busId: string): void {
  if (!grid.buses.has(busId)) throw new BrokenGridError("unknown_bus", busId, "the grid has no such bus");
}

function indexBuses(buses: readonly Bus[]): Map<string, Bus> {
  const index = new Map<string, Bus>();
  for (const bus of buses) {
    if (index.has(bus.busId)) throw new BrokenGridError("duplicate_id", bus.busId, "the bus is given twice");
    index.set(bus.busId, bus);
  }
  return index;
}

function checkLinks(links: readonly Link[], buses: ReadonlyMap<string, Bus>): void {
  const seen = new Set<string>();
  for (const { branchId, busIds } of links) {
    if (seen.has(branchId)) throw new BrokenGridError("duplicate_id", branchId, "the branch is given twice");
    seen.add(branchId);
    const unknown = busIds.find((busId) => !buses.has(busId));
    if (unknown !== undefined) throw new BrokenGridError("unknown_bus", branchId, `ends at unknown bus ${unknown}`);
  }
}

function findSource(buses: ReadonlyMap<string, Bus>): string {
  const [source, second] = [...buses.values()].filter((bus) => bus.isSource);
  if (source === undefined) throw new BrokenGridError("no_source", "grid", "no bus is the source");
  if (second !== undefined) throw new BrokenGridError("several_sources", second.busId, "is a second source");
  return source.busId;
}

function linksByBus(links: readonly Link[]): Map<string, Link[]> {
  const index = new Map<string, Link[]>();
  for (const link of links) {
    for (const busId of link.busIds) index.set(busId, [...(index.get(busId) ?? []), link]);
  }
  return index;
}

/** Walks outwards from the source; meeting a bus that is already fed means a loop. */
function orientBranches(sourceBusId: string, linksAt: ReadonlyMap<string, readonly Link[]>): Branch[] {
  const branches: Branch[] = [];
  const fed = new Set([sourceBusId]);
  const used = new Set<string>();
  // The loop appends to the list it walks: every bus is visited once, in breadth-first order.
  for (const busId of fed) {
    for (const link of (linksAt.get(busId) ?? []).filter(({ branchId }) => !used.has(branchId))) {
      used.add(link.branchId);
      const downstreamBusId = link.busIds[0] === busId ? link.busIds[1] : link.busIds[0];
      if (fed.has(downstreamBusId)) throw new BrokenGridError("loop", link.branchId, "closes a loop");
      fed.add(downstreamBusId);
      const { branchId, kind, apparentVaMax } = link;
      branches.push({ branchId, kind, upstreamBusId: busId, downstreamBusId, apparentVaMax });
    }
  }
  return branches;
}
