/**
 * Branch loading without a power flow: the flow through a branch is the sum of what is drawn below it. Losses are left
 * out, a few per mille of the flow in a low-voltage grid of normal length; voltage is not looked at.
 */
import { checkBus, type RadialGrid } from "./radial-grid.ts";

/** A value in W or var for each bus; buses left out count as zero. Positive is drawn from the grid. */
export type PowerByBus = ReadonlyMap<string, number>;

/** A branch is overloaded when `apparentVa` is above `apparentVaMax`. */
export type BranchLoading = {
  readonly branchId: string;
  /** Active power towards the customers; negative = back to the source. */
  readonly flowW: number;
  readonly apparentVa: number;
  readonly apparentVaMax: number;
};

/** Powers add up by bus; a bus that is not named has none. */
export type LoadingRequest = {
  /** Net power at the buses before the change. */
  readonly powerW: PowerByBus;
  /** What is added to it: negative for a reduction. */
  readonly changeW?: PowerByBus;
  /** Reactive power in var; without it loading is judged by active power alone. */
  readonly reactiveVar?: PowerByBus;
};

/**
 * The loading of every branch, each after the one that feeds it.
 *
 * @throws BrokenGridError for power at an unknown bus
 */
export function branchLoadings(grid: RadialGrid, request: LoadingRequest): BranchLoading[] {
  const { powerW, changeW = new Map(), reactiveVar = new Map() } = request;
  const activeW = sumDownstream(grid, [powerW, changeW]);
  const reactive = sumDownstream(grid, [reactiveVar]);
  return grid.branches.map(({ branchId, downstreamBusId, apparentVaMax }) => {
    const flowW = activeW.get(downstreamBusId) ?? 0;
    const flowVar = reactive.get(downstreamBusId) ?? 0;
    // Math.sqrt is exact to the last bit everywhere; Math.hypot is not.
    return { branchId, flowW, apparentVa: Math.sqrt(flowW * flowW + flowVar * flowVar), apparentVaMax };
  });
}

/**
 * The branches loaded beyond their limit; none when the change is allowed.
 *
 * @throws BrokenGridError for power at an unknown bus
 */
export function findOverloads(grid: RadialGrid, request: LoadingRequest): BranchLoading[] {
  return branchLoadings(grid, request).filter(({ apparentVa, apparentVaMax }) => apparentVa > apparentVaMax);
}

/** By bus: what is drawn at it and everywhere below it. */
export function sumDownstream(grid: RadialGrid, powers: readonly PowerByBus[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [busId, value] of powers.flatMap((power) => [...power])) {
    checkBus(grid, busId);
    totals.set(busId, (totals.get(busId) ?? 0) + value);
  }
  // Backwards every branch comes after all those it feeds, so its sum is complete.
  for (const { upstreamBusId, downstreamBusId } of grid.branches.toReversed()) {
    totals.set(upstreamBusId, (totals.get(upstreamBusId) ?? 0) + (totals.get(downstreamBusId) ?? 0));
  }
  return totals;
}
