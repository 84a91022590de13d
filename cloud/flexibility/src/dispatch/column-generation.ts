/**
 * The relaxation of large problems by column generation (Dantzig and Wolfe 1960): devices are grouped, a column is what
 * a group does at some prices, the master program mixes columns so that targets and limits hold, its duals are the next
 * prices. Every set of prices gives a lower bound; every mix is a plan. So the answer is usable at any time.
 *
 *      prices --> best responses of all devices --> lower bound, new columns
 *        ^                                                 |
 *        +---------- duals <-- master program <------------+
 */
import type { Highs, Model } from "highs";
import { shortfallEurPerKwh } from "./compact-model.ts";
import { type CouplingPrices, DeviceResponses, fixedValueEur } from "./device-response.ts";
import { countedShareOf, type DispatchPlan, type DispatchProblem, deviceAt, eventLength } from "./dispatch-problem.ts";
import { eventSign, type NetworkRow, reboundPerKw } from "./network-rows.ts";

/** No plan to carry out: the point from which calls are rounded, and the bound. */
export type RelaxedAnswer = {
  /** Devices that start at a cost may be called by half in it. */
  readonly plan: DispatchPlan;
  readonly costEur: number;
  readonly boundEur: number;
  readonly prices: CouplingPrices;
};

/** Whichever is reached first; all three leave a usable answer. */
export type ColumnLimits = {
  readonly relativeGap: number;
  readonly roundsMax: number;
  /** Asked between rounds. */
  readonly isOver: () => boolean;
};

/**
 * Devices of one node that share columns. Small groups mix better but make the master larger; of 24, 48 and 96, trees
 * of 5,000 and 10,000 devices took least time between the latter two.
 */
const GROUP_SIZE = 64;

/** How far a round's prices stay at the best known ones: the pure duals of early rounds swing between extremes. */
const SMOOTHING = 0.5;

/** Prices that the first columns answer to, as quantiles of the devices' own. */
const FIRST_PRICES = 12;

/** Reduced cost below which a column is worth adding. */
const IMPROVEMENT_EUR = 1e-9;

/** New columns leave the basis primal feasible: HiGHS goes on by its primal simplex; the dual took 1.4 times that. */
const PRIMAL_SIMPLEX = 4;

type MasterDuals = CouplingPrices & { readonly groupEur: Float64Array };

type Column = { readonly group: number; readonly powerKw: Float64Array; readonly costEur: number };

/** @param rows - Linear limits of the grid, as `networkRows` makes them of the same problem */
export function generateColumns(
  highs: Highs,
  problem: DispatchProblem,
  rows: readonly NetworkRow[],
  limits: ColumnLimits,
): RelaxedAnswer {
  return highs.withModel((solver) => {
    const master = new Master(highs, solver, problem, rows);
    const oracle = new Oracle(problem, rows, master.groups);
    for (const prices of firstPrices(problem, rows.length)) master.add(oracle.ask(prices).columns);
    let best: Proof = { boundEur: Number.NEGATIVE_INFINITY, prices: master.solve() };
    for (let round = 0; round < limits.roundsMax && !limits.isOver(); round += 1) {
      const duals = master.solve();
      const answers = pricesToAsk(best, duals).map((prices) => ({ prices, ...oracle.ask(prices) }));
      best = [best, ...answers].reduce(betterProof);
      const isClose = master.costEur - best.boundEur <= limits.relativeGap * Math.abs(best.boundEur);
      const columns = answers.flatMap((answer) => answer.columns);
      if (isClose || master.add(columns, duals) === 0) break;
    }
    return { plan: master.plan(), costEur: master.costEur, boundEur: best.boundEur, prices: best.prices };
  });
}

/** A lower bound and the prices that prove it. */
type Proof = Pick<RelaxedAnswer, "boundEur" | "prices">;

function betterProof(left: Proof, right: Proof): Proof {
  return right.boundEur > left.boundEur ? right : left;
}

/** The duals themselves, and prices between them and the best known ones. */
function pricesToAsk(best: Proof, duals: CouplingPrices): CouplingPrices[] {
  return best.boundEur === Number.NEGATIVE_INFINITY ? [duals] : [mixedPrices(best.prices, duals, SMOOTHING), duals];
}

function firstPrices({ devices, targetKwh }: DispatchProblem, rowCount: number): CouplingPrices[] {
  const sorted = devices.map(({ priceEurPerKwh }) => priceEurPerKwh).sort((left, right) => left - right);
  return Array.from({ length: FIRST_PRICES }, (_, index) => {
    const price = sorted[Math.floor(((index + 1) * (sorted.length - 1)) / FIRST_PRICES)] ?? 0;
    return { targetEurPerKwh: targetKwh.map(() => 1.01 * price + 1e-6), rowEur: new Float64Array(rowCount) };
  });
}

function mixedPrices(kept: CouplingPrices, next: CouplingPrices, share: number): CouplingPrices {
  const mix = (left: Float64Array, right: Float64Array) =>
    left.map((value, index) => share * value + (1 - share) * (right[index] ?? 0));
  return { targetEurPerKwh: mix(kept.targetEurPerKwh, next.targetEurPerKwh), rowEur: mix(kept.rowEur, next.rowEur) };
}

/** Device indices by group: neighbours at one node, since they answer to the same limits. */
function groupDevices({ devices }: DispatchProblem): number[][] {
  const byNode = new Map<number, number[]>();
  for (const [index, { nodeIndex }] of devices.entries()) {
    byNode.set(nodeIndex, [...(byNode.get(nodeIndex) ?? []), index]);
  }
  return [...byNode.values()].flatMap((members) => {
    const groupCount = Math.ceil(members.length / GROUP_SIZE);
    return Array.from({ length: groupCount }, (_, group) => members.filter((_, at) => at % groupCount === group));
  });
}

/** Answers prices with the lower bound that they prove and one column for each group. */
class Oracle {
  readonly #problem: DispatchProblem;
  readonly #rows: readonly NetworkRow[];
  readonly #groups: readonly (readonly number[])[];
  readonly #responses: DeviceResponses;

  constructor(problem: DispatchProblem, rows: readonly NetworkRow[], groups: readonly (readonly number[])[]) {
    this.#problem = problem;
    this.#rows = rows;
    this.#groups = groups;
    this.#responses = new DeviceResponses(problem, rows);
  }

  ask(prices: CouplingPrices): { boundEur: number; columns: Column[] } {
    this.#responses.price(prices);
    const width = eventLength(this.#problem);
    let boundEur = fixedValueEur(this.#problem, this.#rows, prices);
    const columns = this.#groups.map((members, group) => {
      const powerKw = new Float64Array(members.length * width);
      let costEur = 0;
      members.forEach((index, at) => {
        const call = powerKw.subarray(at * width, (at + 1) * width);
        boundEur += this.#responses.respond(index, call);
        costEur += this.#ownCostEur(index, call);
      });
      return { group, powerKw, costEur };
    });
    return { boundEur, columns };
  }

  #ownCostEur(index: number, call: Float64Array): number {
    const device = this.#problem.devices[index];
    const kw = call.reduce((sum, each) => sum + each, 0);
    if (device === undefined || kw === 0) return 0;
    return device.startCostEur + device.priceEurPerKwh * kw * this.#problem.stepHours;
  }
}

/** The master program; it keeps its basis from round to round. */
class Master {
  readonly groups: readonly (readonly number[])[];
  costEur = Number.POSITIVE_INFINITY;
  /** Of the last solve: new columns make the solver forget its point. */
  #shares: Float64Array = new Float64Array(0);
  readonly #highs: Highs;
  readonly #solver: Model;
  readonly #problem: DispatchProblem;
  readonly #rows: readonly NetworkRow[];
  readonly #columns: Column[] = [];
  readonly #firstColumn: number;

  constructor(highs: Highs, solver: Model, problem: DispatchProblem, rows: readonly NetworkRow[]) {
    this.#highs = highs;
    this.#solver = solver;
    this.#problem = problem;
    this.#rows = rows;
    this.groups = groupDevices(problem);
    solver.options.set({ output_flag: false, simplex_strategy: PRIMAL_SIMPLEX });
    this.#firstColumn = this.#addRows();
  }

  /** Targets, limits and one row for each group; the shortfall columns make it feasible from the start. */
  #addRows(): number {
    const { infinity } = this.#highs;
    const none = { indices: [], values: [] };
    for (const kwh of this.#problem.targetKwh) this.#solver.addRow(kwh, infinity, none);
    for (const { lower, upper } of this.#rows) this.#solver.addRow(lower, upper, none);
    for (const _ of this.groups) this.#solver.addRow(-infinity, 1, none);
    const costEur = shortfallEurPerKwh(this.#problem);
    this.#problem.targetKwh.forEach((kwh, k) => {
      this.#solver.addCol(costEur, 0, Math.max(0, kwh), { indices: [k], values: [1] });
    });
    // A base load beyond a limit that no call mends must not stop the rest: it is charged like a shortfall.
    this.#rows.forEach(({ lower, upper }, index) => {
      const row = this.#problem.targetKwh.length + index;
      if (lower > 0) this.#solver.addCol(costEur, 0, infinity, { indices: [row], values: [1] });
      if (upper < 0) this.#solver.addCol(costEur, 0, infinity, { indices: [row], values: [-1] });
    });
    return this.#solver.getDimensions().numCols;
  }

  /** Adds the columns that lower the cost at the given duals; all without. Returns how many. */
  add(columns: readonly Column[], duals?: MasterDuals): number {
    let count = 0;
    for (const column of columns) {
      const activity = this.#activity(column);
      if (duals !== undefined && this.#reducedEur(column, activity, duals) > -IMPROVEMENT_EUR) continue;
      const entries = [...activity].filter(([, value]) => value !== 0);
      if (entries.length === 0) continue;
      const groupRow = this.#problem.targetKwh.length + this.#rows.length + column.group;
      this.#solver.addCol(column.costEur, 0, this.#highs.infinity, {
        indices: [...entries.map(([row]) => row), groupRow],
        values: [...entries.map(([, value]) => value), 1],
      });
      this.#columns.push(column);
      count += 1;
    }
    return count;
  }

  solve(): MasterDuals {
    this.#solver.run();
    this.costEur = this.#solver.getObjectiveValue();
    const { rowDual, colValue } = this.#solver.getSolution();
    this.#shares = colValue;
    const targetCount = this.#problem.targetKwh.length;
    const groupRow = targetCount + this.#rows.length;
    return {
      targetEurPerKwh: rowDual.slice(0, targetCount),
      rowEur: rowDual.slice(targetCount, groupRow),
      groupEur: rowDual.slice(groupRow),
    };
  }

  plan(): DispatchPlan {
    const width = eventLength(this.#problem);
    const powerKw = new Float64Array(this.#problem.devices.length * width);
    this.#columns.forEach((column, index) => {
      const share = this.#shares[this.#firstColumn + index] ?? 0;
      if (share <= 0) return;
      (this.groups[column.group] ?? []).forEach((device, at) => {
        for (let k = 0; k < width; k += 1) {
          const kw = share * (column.powerKw[at * width + k] ?? 0);
          powerKw[device * width + k] = (powerKw[device * width + k] ?? 0) + kw;
        }
      });
    });
    return { powerKw };
  }

  #reducedEur(column: Column, activity: ReadonlyMap<number, number>, duals: MasterDuals) {
    const targetCount = this.#problem.targetKwh.length;
    let eur = column.costEur - (duals.groupEur[column.group] ?? 0);
    for (const [row, value] of activity) {
      const dual = row < targetCount ? duals.targetEurPerKwh[row] : duals.rowEur[row - targetCount];
      eur -= value * (dual ?? 0);
    }
    return eur;
  }

  /** By row of the master: what the column adds to it. All members of a group are at one node. */
  #activity(column: Column): Map<number, number> {
    const { stepHours, targetKwh } = this.#problem;
    const { stepKw, countedKw, reboundKw } = this.#effectOf(column);
    const node = deviceAt(this.#problem, this.groups[column.group]?.[0] ?? -1).nodeIndex;
    const sign = eventSign(this.#problem);
    const activity = new Map([...countedKw].map((kw, k) => [k, stepHours * kw] as const));
    this.#rows.forEach(({ step, nodeCoefficients }, index) => {
      const coefficient = nodeCoefficients[node] ?? 0;
      if (coefficient === 0) return;
      const effect = step === null ? reboundKw : sign * (stepKw[step] ?? 0);
      activity.set(targetKwh.length + index, coefficient * effect);
    });
    return activity;
  }

  #effectOf({ group, powerKw }: Column): { stepKw: Float64Array; countedKw: Float64Array; reboundKw: number } {
    const width = eventLength(this.#problem);
    const stepKw = new Float64Array(width);
    const countedKw = new Float64Array(width);
    let reboundKw = 0;
    (this.groups[group] ?? []).forEach((index, at) => {
      const device = deviceAt(this.#problem, index);
      const [perKw, counted] = [reboundPerKw(this.#problem, device), countedShareOf(device)];
      for (let k = 0; k < width; k += 1) {
        const kw = powerKw[at * width + k] ?? 0;
        stepKw[k] = (stepKw[k] ?? 0) + kw;
        countedKw[k] = (countedKw[k] ?? 0) + counted * kw;
        reboundKw += perKw * kw;
      }
    });
    return { stepKw, countedKw, reboundKw };
  }
}
