/**
 * Self-balancing: what members make beyond their own use stays inside the virtual node first. One linear program over
 * the hours ahead places the charging of the batteries and the loads that can wait:
 *
 *      surplus = to batteries + to waiting loads + sent upward
 *      import  = own use - from batteries + to batteries + to waiting loads
 *
 * and weighs the energy drawn, the highest draw of each day and its jumps. Only the first step is carried out; the next
 * one plans anew with what is known by then (receding horizon).
 */
import type { Highs } from "highs";
import { LinearModel, solveModel } from "../dispatch/index.ts";
import { NoPlanError } from "../flexibility-error.ts";
import type { Battery } from "../resource/index.ts";

/** What is expected in each step ahead, summed over the members. */
export type BalanceOutlook = {
  /** Use that no own generation covers. */
  readonly deficitKwh: ArrayLike<number>;
  /** Generation beyond use. */
  readonly surplusKwh: ArrayLike<number>;
  /** Weight of each kWh drawn from the grid, by step. */
  readonly importWeight: ArrayLike<number>;
  /**
   * What single members make beyond their own use, whether or not others use it: batteries are charged from nothing
   * else, so that no member's draw is ever above what it would be with its own surplus sold. Left out: from anything.
   */
  readonly memberSurplusKwh?: ArrayLike<number>;
  /** Index of the day that a step belongs to, from 0. */
  readonly day: ArrayLike<number>;
};

/** Energy that has to be used in some of the steps [firstStep, endStep), with at most so much in each. */
export type WaitingLoad = {
  readonly loadId: string;
  readonly energyKwh: number;
  readonly stepKwhMax: number;
  readonly firstStep: number;
  readonly endStep: number;
};

/** In one unit of cost per kWh: only their ratios to the weight of drawn energy matter. */
export type BalanceWeights = {
  /** Of each kWh sent upward: positive when it is to be avoided. */
  readonly exportWeight: number;
  /** Of each kWh of the highest draw of a day. */
  readonly peakWeight: number;
  /** Of each kWh by which the net draw changes from one step to the next. */
  readonly rampWeight: number;
  /** Of each kWh left in the batteries after the last step. */
  readonly storedWorth: number;
};

/** One node as a whole, hour by hour or as `stepHours` says; energies at the connection are kWh in a step. */
export type BalanceRequest = {
  readonly outlook: BalanceOutlook;
  readonly stepHours: number;
  /** The members' batteries as one. */
  readonly battery: Battery;
  readonly storedKwh: number;
  readonly weights: BalanceWeights;
  readonly waitingLoads?: readonly WaitingLoad[];
  /** Highest draw of the first day so far, and net draw of the step before. */
  readonly drawnKwhMax?: number;
  readonly netKwhBefore?: number;
};

/** For each step, kWh. */
export type BalancePlan = {
  readonly chargeKwh: Float64Array;
  readonly dischargeKwh: Float64Array;
  readonly importKwh: Float64Array;
  readonly exportKwh: Float64Array;
  readonly loadKwh: ReadonlyMap<string, Float64Array>;
};

/** Columns of one step. */
type Step = {
  readonly draw: number;
  readonly sent: number;
  readonly chargeOwn: number;
  readonly chargeGrid: number;
  readonly discharge: number;
  readonly stored: number;
  readonly loads: readonly { readonly loadId: string; readonly own: number; readonly grid: number }[];
};

const INFINITE = Number.POSITIVE_INFINITY;

/** A day of quarter hours takes some hundred steps of the simplex method; one that takes this many will not end. */
const ITERATIONS_MAX = 20_000;

/** @throws NoPlanError when loads cannot be served within their steps, or the solver takes too long */
export function planBalance(highs: Highs, request: BalanceRequest): BalancePlan {
  const model = new LinearModel();
  const stepCount = request.outlook.deficitKwh.length;
  const steps = Array.from({ length: stepCount }, (_, step) => addStep(model, request, step));
  steps.forEach((step, index) => {
    addFlowRows(model, request, { step, index });
    addStorageRow(model, request, { step, before: steps[index - 1] });
  });
  addLoadRows(model, request, steps);
  addPeaks(model, request, steps);
  if (request.weights.rampWeight > 0) addRamps(model, request, steps);
  const { values, status } = solveModel(highs, model, { iterations: ITERATIONS_MAX });
  if (status !== "optimal") throw new NoPlanError(status);
  const seriesOf = (column: (step: Step) => number) => Float64Array.from(steps, (step) => values[column(step)] ?? 0);
  const [own, grid] = [seriesOf(({ chargeOwn }) => chargeOwn), seriesOf(({ chargeGrid }) => chargeGrid)];
  return {
    chargeKwh: own.map((kwh, step) => kwh + (grid[step] ?? 0)),
    dischargeKwh: seriesOf(({ discharge }) => discharge),
    importKwh: seriesOf(({ draw }) => draw),
    exportKwh: seriesOf(({ sent }) => sent),
    loadKwh: loadPlans(request, steps, values),
  };
}

function addStep(model: LinearModel, request: BalanceRequest, index: number): Step {
  const { battery, stepHours, weights, outlook, waitingLoads = [] } = request;
  const throughKwh = battery.powerKwMax * stepHours;
  const isLast = index === outlook.deficitKwh.length - 1;
  const free = (cost: number, upper = INFINITE) => model.addColumn({ cost, lower: 0, upper });
  return {
    draw: free(outlook.importWeight[index] ?? 0),
    sent: free(weights.exportWeight),
    chargeOwn: free(0, throughKwh),
    chargeGrid: free(0, throughKwh),
    discharge: free(0, throughKwh),
    stored: free(isLast ? -weights.storedWorth : 0, battery.energyKwhMax),
    loads: waitingLoads
      .filter(({ firstStep, endStep }) => firstStep <= index && index < endStep)
      .map(({ loadId, stepKwhMax }) => ({ loadId, own: free(0, stepKwhMax), grid: free(0, stepKwhMax) })),
  };
}

/** Where the surplus goes and where the use comes from; a battery serves what is used, it does not feed the grid. */
function addFlowRows(
  model: LinearModel,
  { outlook, battery, stepHours }: BalanceRequest,
  at: { step: Step; index: number },
) {
  const { draw, sent, chargeOwn, chargeGrid, discharge, loads } = at.step;
  const [deficit, surplus] = [outlook.deficitKwh[at.index] ?? 0, outlook.surplusKwh[at.index] ?? 0];
  const [own, grid] = [loads.map((load) => load.own), loads.map((load) => load.grid)];
  addSum(model, { bounds: [surplus, surplus], plus: [sent, chargeOwn, ...own], minus: [] });
  addSum(model, { bounds: [deficit, deficit], plus: [draw, discharge], minus: [chargeGrid, ...grid] });
  addSum(model, { bounds: [-INFINITE, deficit], plus: [discharge], minus: grid });
  const chargedKwhMax = outlook.memberSurplusKwh?.[at.index] ?? INFINITE;
  addSum(model, { bounds: [0, chargedKwhMax], plus: [chargeOwn, chargeGrid], minus: [] });
  addSum(model, { bounds: [0, battery.powerKwMax * stepHours], plus: [chargeOwn, chargeGrid], minus: [] });
}

function addStorageRow(
  model: LinearModel,
  { battery, storedKwh }: BalanceRequest,
  { step, before }: { step: Step; before: Step | undefined },
): void {
  const start = before === undefined ? storedKwh : 0;
  const past = before === undefined ? [] : [before.stored];
  model.addRow({
    lower: start,
    upper: start,
    columns: [step.stored, step.chargeOwn, step.chargeGrid, step.discharge, ...past],
    coefficients: [
      1,
      -battery.chargeEfficiency,
      -battery.chargeEfficiency,
      1 / battery.dischargeEfficiency,
      ...past.map(() => -1),
    ],
  });
}

function addLoadRows(model: LinearModel, { waitingLoads = [] }: BalanceRequest, steps: readonly Step[]): void {
  for (const { loadId, energyKwh, stepKwhMax } of waitingLoads) {
    const parts = steps.flatMap(({ loads }) => loads.filter((load) => load.loadId === loadId));
    const plus = parts.flatMap(({ own, grid }) => [own, grid]);
    addSum(model, { bounds: [energyKwh, energyKwh], plus, minus: [] });
    for (const { own, grid } of parts) addSum(model, { bounds: [0, stepKwhMax], plus: [own, grid], minus: [] });
  }
}

function addPeaks(model: LinearModel, request: BalanceRequest, steps: readonly Step[]): void {
  const { outlook, weights, drawnKwhMax = 0 } = request;
  const peaks = new Map<number, number>();
  steps.forEach(({ draw }, index) => {
    const day = outlook.day[index] ?? 0;
    const lower = peaks.size === 0 ? drawnKwhMax : 0;
    const peak = peaks.get(day) ?? model.addColumn({ cost: weights.peakWeight, lower, upper: INFINITE });
    peaks.set(day, peak);
    addSum(model, { bounds: [0, INFINITE], plus: [peak], minus: [draw] });
  });
}

function addRamps(model: LinearModel, { weights, netKwhBefore }: BalanceRequest, steps: readonly Step[]): void {
  steps.forEach(({ draw, sent }, index) => {
    const before = steps[index - 1];
    if (before === undefined && netKwhBefore === undefined) return;
    const ramp = model.addColumn({ cost: weights.rampWeight, lower: 0, upper: INFINITE });
    const known = before === undefined ? (netKwhBefore ?? 0) : 0;
    const [up, down] = before === undefined ? [[], []] : [[before.draw], [before.sent]];
    addSum(model, { bounds: [-known, INFINITE], plus: [ramp, sent, ...up], minus: [draw, ...down] });
    addSum(model, { bounds: [known, INFINITE], plus: [ramp, draw, ...down], minus: [sent, ...up] });
  });
}

function addSum(
  model: LinearModel,
  { bounds, plus, minus }: { bounds: readonly [number, number]; plus: readonly number[]; minus: readonly number[] },
): void {
  const coefficients = [...plus.map(() => 1), ...minus.map(() => -1)];
  model.addRow({ lower: bounds[0], upper: bounds[1], columns: [...plus, ...minus], coefficients });
}

function loadPlans({ waitingLoads = [] }: BalanceRequest, steps: readonly Step[], values: Float64Array) {
  return new Map(
    waitingLoads.map(({ loadId }) => {
      const kwh = Float64Array.from(steps, ({ loads }) => {
        const load = loads.find((each) => each.loadId === loadId);
        return load === undefined ? 0 : (values[load.own] ?? 0) + (values[load.grid] ?? 0);
      });
      return [loadId, kwh] as const;
    }),
  );
}
