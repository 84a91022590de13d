import { DEFAULT_MTU_MS, type Direction } from "@gridpact/settlement";
import { InvalidInputError } from "../flexibility-error.ts";
import type { EnergyLimit } from "../selection/index.ts";
import { sumDownstream } from "./branch-loading.ts";
import type { Branch, RadialGrid } from "./radial-grid.ts";

/** What is expected of the grid during an event when nobody calls on a device. */
export type GridForecast = {
  readonly direction: Direction;
  /** By bus: expected net power in W for each market time unit; buses left out count as zero. */
  readonly powerW: ReadonlyMap<string, readonly number[]>;
  readonly unitCount: number;
  readonly mtuMs?: number;
};

const HOUR_MS = 3_600_000;

/**
 * How much the devices below each branch may change together before its limit is reached: an increase until it is full
 * towards the customers, a reduction until it is full back to the source. Zero where it is already beyond. These limits
 * go into `selectDevices`, with `pathToSource` telling the branches of each candidate.
 *
 * @throws BrokenGridError for power at an unknown bus; InvalidInputError for arrays of another length
 */
export function branchLimits(grid: RadialGrid, forecast: GridForecast): EnergyLimit[] {
  const { direction, powerW, unitCount, mtuMs = DEFAULT_MTU_MS } = forecast;
  for (const [busId, values] of powerW) {
    if (values.length !== unitCount) throw new InvalidInputError(`powerW of ${busId}`, `needs ${unitCount} values`);
  }
  const flowsByUnit = Array.from({ length: unitCount }, (_, unit) =>
    sumDownstream(grid, [new Map([...powerW].map(([busId, values]) => [busId, values[unit] ?? 0]))]),
  );
  return grid.branches.map((branch) => ({
    elementId: branch.branchId,
    changeWhMax: flowsByUnit.map((flows) => {
      const freeW = freePowerW(branch, flows.get(branch.downstreamBusId) ?? 0, direction);
      // Rounded down: the limit holds to the last Wh.
      return BigInt(Math.floor((freeW * mtuMs) / HOUR_MS));
    }),
  }));
}

function freePowerW({ apparentVaMax }: Branch, flowW: number, direction: Direction): number {
  const freeW = direction === "increase" ? apparentVaMax - flowW : apparentVaMax + flowW;
  return Math.max(0, freeW);
}
