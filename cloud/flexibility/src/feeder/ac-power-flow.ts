/**
 * AC power flow of a radial grid by backward/forward sweep (Shirmohammadi et al. 1988): currents are summed from the
 * leaves to the source, voltages set from the source to the leaves, until nothing moves. It checks what the linear flow
 * leaves out: losses and the true voltages.
 */
import { InvalidInputError } from "../flexibility-error.ts";

/** One node and the branch that feeds it. Per unit on one common base; parents come before their children. */
export type AcNode = {
  /** -1 at the source. */
  readonly parentIndex: number;
  readonly resistancePu: number;
  readonly reactancePu: number;
  /** Drawn at the node whatever its load: a transformer's iron loss and magnetising power. */
  readonly shuntActivePu?: number;
  readonly shuntReactivePu?: number;
};

/** Per unit of the network's base power and voltage. */
export type AcLoads = {
  readonly sourcePu: number;
  /** By node, positive drawn. */
  readonly activePu: ArrayLike<number>;
  readonly reactivePu: ArrayLike<number>;
};

/** By node, in the order of the network; the source's own entries are those of the whole grid. */
export type AcFlow = {
  /** Magnitude by node. */
  readonly voltagePu: Float64Array;
  /** Into the branch of each node at its upper end: losses of the branch are in it. */
  readonly activePu: Float64Array;
  readonly reactivePu: Float64Array;
  /** Current through the branch of each node. */
  readonly currentPu: Float64Array;
};

/** A volt in a hundred thousand million: far below what any meter shows. */
const TOLERANCE_PU = 1e-11;

/** Grids of usual load settle in about ten sweeps; one that does not in a hundred is beyond what it can carry. */
const SWEEPS_MAX = 100;

/** @throws InvalidInputError when there is no solution: the load is more than the grid can carry */
export function solveAcFlow(nodes: readonly AcNode[], loads: AcLoads): AcFlow {
  const state = newState(nodes.length, loads.sourcePu);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    sumCurrents(nodes, loads, state);
    const moved = setVoltages(nodes, state, loads.sourcePu);
    if (!Number.isFinite(moved)) break;
    if (moved < TOLERANCE_PU) return flowOf(nodes, state, loads.sourcePu);
  }
  throw new InvalidInputError("loads", "the grid cannot carry them");
}

/** Voltages and currents as real and imaginary parts. */
type State = {
  readonly vRe: Float64Array;
  readonly vIm: Float64Array;
  readonly iRe: Float64Array;
  readonly iIm: Float64Array;
};

function newState(count: number, sourcePu: number): State {
  const zeros = () => new Float64Array(count);
  return { vRe: zeros().fill(sourcePu), vIm: zeros(), iRe: zeros(), iIm: zeros() };
}

function sumCurrents(nodes: readonly AcNode[], loads: AcLoads, { vRe, vIm, iRe, iIm }: State): void {
  for (const [at, { shuntActivePu = 0, shuntReactivePu = 0 }] of nodes.entries()) {
    const [re, im] = [valueAt(vRe, at), valueAt(vIm, at)];
    const squared = re * re + im * im;
    // A shunt draws by the square of the voltage, a load the same power at any voltage.
    const active = valueAt(loads.activePu, at) + shuntActivePu * squared;
    const reactive = valueAt(loads.reactivePu, at) + shuntReactivePu * squared;
    iRe[at] = (active * re + reactive * im) / squared;
    iIm[at] = (active * im - reactive * re) / squared;
  }
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const parent = nodes[at]?.parentIndex ?? -1;
    if (parent < 0) continue;
    iRe[parent] = valueAt(iRe, parent) + valueAt(iRe, at);
    iIm[parent] = valueAt(iIm, parent) + valueAt(iIm, at);
  }
}

function setVoltages(nodes: readonly AcNode[], { vRe, vIm, iRe, iIm }: State, sourcePu: number): number {
  let moved = 0;
  for (const [at, { parentIndex, resistancePu, reactancePu }] of nodes.entries()) {
    const [upRe, upIm] = parentIndex < 0 ? [sourcePu, 0] : [valueAt(vRe, parentIndex), valueAt(vIm, parentIndex)];
    const re = upRe - (resistancePu * valueAt(iRe, at) - reactancePu * valueAt(iIm, at));
    const im = upIm - (resistancePu * valueAt(iIm, at) + reactancePu * valueAt(iRe, at));
    moved = Math.max(moved, Math.abs(re - valueAt(vRe, at)), Math.abs(im - valueAt(vIm, at)));
    vRe[at] = re;
    vIm[at] = im;
  }
  return moved;
}

function flowOf(nodes: readonly AcNode[], { vRe, vIm, iRe, iIm }: State, sourcePu: number): AcFlow {
  const upper = (at: number): [number, number] => {
    const parent = nodes[at]?.parentIndex ?? -1;
    return parent < 0 ? [sourcePu, 0] : [valueAt(vRe, parent), valueAt(vIm, parent)];
  };
  const byNode = (of: (at: number) => number) => Float64Array.from(nodes, (_, at) => of(at));
  return {
    voltagePu: byNode((at) => length(valueAt(vRe, at), valueAt(vIm, at))),
    activePu: byNode((at) => upper(at)[0] * valueAt(iRe, at) + upper(at)[1] * valueAt(iIm, at)),
    reactivePu: byNode((at) => upper(at)[1] * valueAt(iRe, at) - upper(at)[0] * valueAt(iIm, at)),
    currentPu: byNode((at) => length(valueAt(iRe, at), valueAt(iIm, at))),
  };
}

function length(re: number, im: number): number {
  return Math.sqrt(re * re + im * im);
}

function valueAt(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/**
 * The linear voltages of the same grid (LinDistFlow, Baran and Wu 1989): squared voltage falls by twice r P + x Q along
 * each branch, without losses. What the dispatch works with.
 */
export function linearVoltages(nodes: readonly AcNode[], { sourcePu, activePu, reactivePu }: AcLoads): Float64Array {
  const active = Float64Array.from(nodes, (node, at) => valueAt(activePu, at) + (node.shuntActivePu ?? 0));
  const reactive = Float64Array.from(nodes, (node, at) => valueAt(reactivePu, at) + (node.shuntReactivePu ?? 0));
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const parent = nodes[at]?.parentIndex ?? -1;
    if (parent < 0) continue;
    active[parent] = valueAt(active, parent) + valueAt(active, at);
    reactive[parent] = valueAt(reactive, parent) + valueAt(reactive, at);
  }
  const squared = new Float64Array(nodes.length);
  for (const [at, { parentIndex, resistancePu, reactancePu }] of nodes.entries()) {
    const above = parentIndex < 0 ? sourcePu * sourcePu : valueAt(squared, parentIndex);
    squared[at] = above - 2 * (resistancePu * valueAt(active, at) + reactancePu * valueAt(reactive, at));
  }
  return squared.map((value) => Math.sqrt(value));
}
