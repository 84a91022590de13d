import { BrokenGridError } from "../flexibility-error.ts";
import type { AcNode } from "./ac-power-flow.ts";
import type { Row } from "./csv-rows.ts";
import { cell, kilo } from "./grid-elements.ts";
import { type Branch, type GridRows, parseRadialGrid, type RadialGrid } from "./radial-grid.ts";

/** A radial grid with impedances, ready for `solveAcFlow`. */
export type AcNetwork = {
  /** In the order of `nodes`; the source comes first, and a transformer has a star point of its own. */
  readonly busIds: readonly string[];
  readonly nodes: readonly AcNode[];
  /** By node: the branch that feeds it, and the current that loads it fully; empty and infinite at the source. */
  readonly branchIds: readonly string[];
  readonly currentPuMax: Float64Array;
  readonly sourcePu: number;
};

/** Power base of all per-unit values. */
export const BASE_VA = 1_000_000;

/**
 * Builds the network from tables with the further columns r_ohm and x_ohm (lines), vk_percent, vkr_percent, pfe_kw,
 * i0_percent and slack_vm_pu (transformers). Line capacitance is left out: some var in a low-voltage grid.
 *
 * @throws BrokenGridError as `parseRadialGrid` does, and for a missing or bad impedance
 */
export function acNetwork(rows: GridRows): AcNetwork {
  const grid = parseRadialGrid(rows);
  const rowOf = new Map([...rows.lines, ...rows.transformers].map((row) => [row["line"] ?? row["trafo"], row]));
  const elements: Element[] = [
    { busId: grid.sourceBusId, branchId: "", node: AT_SOURCE, currentPuMax: Number.POSITIVE_INFINITY },
  ];
  for (const branch of grid.branches) addBranch(elements, grid, { branch, row: rowOf.get(branch.branchId) ?? {} });
  return {
    busIds: elements.map(({ busId }) => busId),
    nodes: elements.map(({ node }) => node),
    branchIds: elements.map(({ branchId }) => branchId),
    currentPuMax: Float64Array.from(elements, ({ currentPuMax }) => currentPuMax),
    sourcePu: number(rows.transformers[0] ?? {}, "slack_vm_pu", "transformer"),
  };
}

/** A line is one element; a transformer two, since its star point lies between its halves. */
function addBranch(elements: Element[], grid: RadialGrid, { branch, row }: { branch: Branch; row: Row }): void {
  const { branchId, kind, upstreamBusId, downstreamBusId, apparentVaMax } = branch;
  const parentIndex = elements.findIndex(({ busId }) => busId === upstreamBusId);
  const currentPuMax = apparentVaMax / BASE_VA;
  if (kind === "line") {
    const nominalV = grid.buses.get(downstreamBusId)?.nominalV ?? Number.NaN;
    const node = { ...lineNode(row, branchId, nominalV), parentIndex };
    elements.push({ busId: downstreamBusId, branchId, node, currentPuMax });
    return;
  }
  const { upper, lower } = transformerNodes(row, branchId);
  const starIndex = elements.push({
    busId: `${branchId} star point`,
    branchId,
    node: { ...upper, parentIndex },
    currentPuMax,
  });
  const node = { ...lower, parentIndex: starIndex - 1 };
  elements.push({ busId: downstreamBusId, branchId: "", node, currentPuMax: Number.POSITIVE_INFINITY });
}

type Element = { busId: string; branchId: string; node: AcNode; currentPuMax: number };

const AT_SOURCE: AcNode = { parentIndex: -1, resistancePu: 0, reactancePu: 0 };

type Impedance = Omit<AcNode, "parentIndex">;

function lineNode(row: Row, branchId: string, nominalV: number): Impedance {
  const perOhm = BASE_VA / (nominalV * nominalV);
  return {
    resistancePu: number(row, "r_ohm", branchId) * perOhm,
    reactancePu: number(row, "x_ohm", branchId) * perOhm,
  };
}

/** The T model: half of the impedance on either side of the star point, where iron loss and magnetising are drawn. */
function transformerNodes(row: Row, branchId: string): { upper: Impedance; lower: Impedance } {
  const ratedVa = kilo(row, "s_kva", branchId);
  const [vk, vkr] = [number(row, "vk_percent", branchId) / 100, number(row, "vkr_percent", branchId) / 100];
  const idle = (number(row, "i0_percent", branchId) / 100) * (ratedVa / BASE_VA);
  const iron = kilo(row, "pfe_kw", branchId) / BASE_VA;
  const rebased = BASE_VA / ratedVa;
  const half = { resistancePu: (vkr * rebased) / 2, reactancePu: (Math.sqrt(vk * vk - vkr * vkr) * rebased) / 2 };
  const shuntReactivePu = Math.sqrt(Math.max(0, idle * idle - iron * iron));
  return { upper: { ...half, shuntActivePu: iron, shuntReactivePu }, lower: half };
}

function number(row: Row, column: string, elementId: string): number {
  const value = Number(cell(row, column, elementId));
  if (!Number.isFinite(value)) throw new BrokenGridError("bad_number", elementId, `${column} is no number`);
  return value;
}
