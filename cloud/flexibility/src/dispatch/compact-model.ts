/** The problem over some of its devices as one model with a column for each device and event step. */

import type { CouplingPrices } from "./device-response.ts";
import {
  countedShareOf,
  type DispatchPlan,
  type DispatchProblem,
  deviceAt,
  eventLength,
  isSwitched,
} from "./dispatch-problem.ts";
import { type LinearAnswer, LinearModel } from "./linear-model.ts";
import { eventSign, type NetworkRow, reboundPerKw } from "./network-rows.ts";

/** The problem of some devices in one linear model, and where in it to find what. */
export type CompactModel = {
  readonly model: LinearModel;
  readonly deviceIndices: readonly number[];
  /** By position in `deviceIndices`: the first of its columns, one for each event step. */
  readonly firstColumns: readonly number[];
  /** By position: the column that says whether it is called; -1 where there is no choice. */
  readonly callColumns: readonly number[];
  /** One for each event step: kWh short of the target. */
  readonly firstShortfallColumn: number;
  readonly firstTargetRow: number;
  readonly firstNetworkRow: number;
};

/** Devices that are not listed are not called. */
export type CompactOptions = {
  readonly deviceIndices: readonly number[];
  /** Lets a device be called by half: a lower bound that a linear program finds. */
  readonly isRelaxed: boolean;
  /** Devices that are called in any case. */
  readonly called?: ReadonlySet<number>;
};

/**
 * A missing kWh costs this many times the dearest device: it is the last resort, and a request beyond reach gets the
 * best answer instead of none. Larger factors made the first prices of the column generation swing wider, to no gain.
 */
const SHORTFALL_FACTOR = 10;

/** What a kWh short of the target is charged inside the models. */
export function shortfallEurPerKwh({ devices, shortfallEurPerKwh: stated }: DispatchProblem): number {
  if (stated !== undefined) return stated;
  const dearest = devices.reduce((most, device) => {
    const startEur = device.energyKwhMax > 0 ? device.startCostEur / device.energyKwhMax : 0;
    return Math.max(most, Math.abs(device.priceEurPerKwh) + startEur);
  }, 0.01);
  return SHORTFALL_FACTOR * dearest;
}

/** Targets may be missed at a price; limits may not, so the least energies of `called` can leave no solution. */
export function compactModel(
  problem: DispatchProblem,
  rows: readonly NetworkRow[],
  options: CompactOptions,
): CompactModel {
  const { deviceIndices, isRelaxed, called } = options;
  const model = new LinearModel();
  const firstColumns = deviceIndices.map((index) => addPowerColumns(model, problem, index));
  const callColumns = deviceIndices.map((index) => {
    const device = deviceAt(problem, index);
    if (!isSwitched(device)) return -1;
    const lower = called?.has(index) === true ? 1 : 0;
    return model.addColumn({ cost: device.startCostEur, lower, upper: 1, isInteger: !isRelaxed });
  });
  const firstShortfallColumn = model.columns.length;
  const firstTargetRow = model.rows.length;
  addTargetRows(model, problem, { deviceIndices, firstColumns });
  const firstNetworkRow = model.rows.length;
  for (const row of rows) addNetworkRow(model, problem, { row, deviceIndices, firstColumns });
  deviceIndices.forEach((index, position) => {
    addDeviceRows(model, problem, {
      index,
      first: firstColumns[position] ?? 0,
      call: callColumns[position] ?? -1,
    });
  });
  return { model, deviceIndices, firstColumns, callColumns, firstShortfallColumn, firstTargetRow, firstNetworkRow };
}

function addPowerColumns(model: LinearModel, problem: DispatchProblem, index: number): number {
  const first = model.columns.length;
  const { powerKwMax, priceEurPerKwh } = deviceAt(problem, index);
  for (const kw of powerKwMax) model.addColumn({ cost: problem.stepHours * priceEurPerKwh, lower: 0, upper: kw });
  return first;
}

function addTargetRows(
  model: LinearModel,
  problem: DispatchProblem,
  { deviceIndices, firstColumns }: Pick<CompactModel, "deviceIndices" | "firstColumns">,
): void {
  const countedHours = deviceIndices.map((index) => problem.stepHours * countedShareOf(deviceAt(problem, index)));
  const cost = shortfallEurPerKwh(problem);
  problem.targetKwh.forEach((targetKwh, k) => {
    const missing = model.addColumn({ cost, lower: 0, upper: Math.max(0, targetKwh) });
    model.addRow({
      lower: targetKwh,
      upper: Number.POSITIVE_INFINITY,
      columns: [...firstColumns.map((first) => first + k), missing],
      coefficients: [...countedHours, 1],
    });
  });
}

function addNetworkRow(
  model: LinearModel,
  problem: DispatchProblem,
  placed: { row: NetworkRow; deviceIndices: readonly number[]; firstColumns: readonly number[] },
): void {
  const { row, deviceIndices, firstColumns } = placed;
  const [columns, coefficients]: [number[], number[]] = [[], []];
  const everyStep = Array.from({ length: eventLength(problem) }, (_, k) => k);
  const steps = row.step === null ? everyStep : [row.step];
  deviceIndices.forEach((index, position) => {
    const device = deviceAt(problem, index);
    const effectPerKw = row.step === null ? reboundPerKw(problem, device) : eventSign(problem);
    const weight = effectPerKw * (row.nodeCoefficients[device.nodeIndex] ?? 0);
    if (weight === 0) return;
    for (const k of steps) {
      columns.push((firstColumns[position] ?? 0) + k);
      coefficients.push(weight);
    }
  });
  model.addRow({ lower: row.lower, upper: row.upper, columns, coefficients });
}

/** Energy limits; for a device that is called or not, each limit is scaled by the choice (the convex hull of both). */
function addDeviceRows(
  model: LinearModel,
  problem: DispatchProblem,
  { index, first, call }: { index: number; first: number; call: number },
): void {
  const { energyKwhMax, energyKwhMin, powerKwMax } = deviceAt(problem, index);
  const columns = Array.from(powerKwMax, (_, k) => first + k);
  const energy = columns.map(() => problem.stepHours);
  const infinite = Number.POSITIVE_INFINITY;
  if (call < 0) {
    model.addRow({ lower: -infinite, upper: energyKwhMax, columns, coefficients: energy });
    return;
  }
  const withCall = [...columns, call];
  model.addRow({ lower: -infinite, upper: 0, columns: withCall, coefficients: [...energy, -energyKwhMax] });
  if (energyKwhMin > 0) {
    model.addRow({ lower: 0, upper: infinite, columns: withCall, coefficients: [...energy, -energyKwhMin] });
  }
  powerKwMax.forEach((kw, k) => {
    model.addRow({ lower: -infinite, upper: 0, columns: [first + k, call], coefficients: [1, -kw] });
  });
}

/** The plan that an answer means; what rounding left of a device that is not called is cut off. */
export function planOf(problem: DispatchProblem, compact: CompactModel, { values }: LinearAnswer): DispatchPlan {
  const width = eventLength(problem);
  const powerKw = new Float64Array(problem.devices.length * width);
  compact.deviceIndices.forEach((index, position) => {
    const call = compact.callColumns[position] ?? -1;
    if (call >= 0 && (values[call] ?? 0) < 0.5) return;
    const first = compact.firstColumns[position] ?? 0;
    for (let k = 0; k < width; k += 1) {
      const kwMax = problem.devices[index]?.powerKwMax[k] ?? 0;
      powerKw[index * width + k] = Math.min(kwMax, Math.max(0, values[first + k] ?? 0));
    }
  });
  return { powerKw };
}

/** Duals of the coupling rows of a solved relaxation. */
export function couplingPrices(
  problem: DispatchProblem,
  { firstTargetRow, firstNetworkRow }: CompactModel,
  { rowDuals }: LinearAnswer,
  rowCount: number,
): CouplingPrices {
  return {
    targetEurPerKwh: rowDuals.slice(firstTargetRow, firstTargetRow + eventLength(problem)),
    rowEur: rowDuals.slice(firstNetworkRow, firstNetworkRow + rowCount),
  };
}
