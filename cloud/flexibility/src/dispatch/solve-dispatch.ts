/**
 * Solves dispatch problems of any size within a budget; the answer is the best plan found and a bound no plan beats.
 *
 *   relaxation (one model, or columns when large) --> prices, lower bound
 *        |                    every device's value at these prices: clearly in, clearly out, or open
 *        v
 *   core: the open devices by branch and bound --> a plan
 *        v
 *   proof: all devices that the gap leaves open, from that plan on --> a better bound, maybe a better plan
 */
import type { Highs } from "highs";
import { NoPlanError } from "../flexibility-error.ts";
import { generateColumns, type RelaxedAnswer } from "./column-generation.ts";
import { type CompactModel, compactModel, couplingPrices, planOf } from "./compact-model.ts";
import { DeviceResponses } from "./device-response.ts";
import {
  countedShareOf,
  type DispatchPlan,
  type DispatchProblem,
  deviceAt,
  eventLength,
  isSwitched,
  planCostEur,
} from "./dispatch-problem.ts";
import { loadSolver, type SolveLimits, solveModel } from "./linear-model.ts";
import { type NetworkRow, networkRows } from "./network-rows.ts";
import { type Found, foundIn, roundRelaxation } from "./round-relaxation.ts";

/** When to stop: by time where answers may differ between machines, by nodes and rounds where they must not. */
export type DispatchBudget =
  | { readonly kind: "time"; readonly seconds: number; readonly nowMs: () => number }
  | {
      readonly kind: "work";
      /** Of branch and bound, in each of two searches. */
      readonly nodes: number;
      /** Of column generation. */
      readonly rounds: number;
      /** Simplex steps of the relaxation in one model; without a limit when left out. */
      readonly iterations?: number;
    };

/** A budget that is used up ends the search, not the answer: the best plan so far is returned. */
export type DispatchOptions = {
  readonly budget: DispatchBudget;
  /** Cost beyond the bound, as a share of it, at which an answer is good enough. */
  readonly relativeGap?: number;
};

/** `method` tells which step found the plan: one model, rounded columns, or branch and bound over the open devices. */
export type DispatchAnswer = {
  readonly plan: DispatchPlan;
  readonly costEur: number;
  /** No plan that reaches as much of the targets costs less. */
  readonly boundEur: number;
  /** By event step: what the limits do not allow. */
  readonly shortfallKwh: Float64Array;
  readonly method: "compact" | "columns" | "core";
};

/** A tenth of the 0.1 % that a plan may cost beyond the bound. */
const DEFAULT_RELATIVE_GAP = 1e-4;

/** Up to here one model is as fast as columns: 300 devices over 8 steps. */
const COMPACT_COLUMNS_MAX = 2400;

/** Up to here branch and bound takes all devices at once. */
const CORE_DEVICES_MAX = 80;

/** Share of the time left that the search for a plan may take; the rest goes into the proof. */
const CORE_TIME_SHARE = 0.5;

/** Rounds of column generation when time is the budget: a bound also for a clock that stands still. */
const ROUNDS_MAX = 200;

/** As `dispatchBy`, with the solver that is loaded once in a process. @throws NoPlanError */
export async function solveDispatch(problem: DispatchProblem, options: DispatchOptions): Promise<DispatchAnswer> {
  return dispatchBy(await loadSolver(), problem, options);
}

/**
 * Solves a problem without any turn of the event loop.
 * @throws NoPlanError when the base load breaks a limit that no call mends, or the work ended before any plan was found
 */
export function dispatchBy(highs: Highs, problem: DispatchProblem, options: DispatchOptions): DispatchAnswer {
  return new Search(highs, problem, options).run();
}

class Search {
  readonly #highs: Highs;
  readonly #problem: DispatchProblem;
  readonly #rows: readonly NetworkRow[];
  readonly #budget: DispatchBudget;
  readonly #relativeGap: number;
  readonly #startedMs: number;

  constructor(highs: Highs, problem: DispatchProblem, { budget, relativeGap = DEFAULT_RELATIVE_GAP }: DispatchOptions) {
    this.#highs = highs;
    this.#problem = problem;
    this.#rows = networkRows(problem);
    this.#budget = budget;
    this.#relativeGap = relativeGap;
    this.#startedMs = budget.kind === "time" ? budget.nowMs() : 0;
  }

  run(): DispatchAnswer {
    const isLarge = this.#problem.devices.length * eventLength(this.#problem) > COMPACT_COLUMNS_MAX;
    const relaxed = isLarge ? this.#relaxByColumns() : this.#relaxInOne();
    if (!this.#problem.devices.some(isSwitched)) {
      return this.#answer(relaxed, relaxed.boundEur, isLarge ? "columns" : "compact");
    }
    const values = this.#deviceValues(relaxed);
    const found = this.#searchCore(values, relaxed);
    if (!Number.isFinite(found.costEur)) throw new NoPlanError("no whole calls that keep the limits");
    const proven = this.#prove(values, relaxed, found);
    return this.#answer(proven, proven.boundEur, "core");
  }

  #relaxInOne(): RelaxedAnswer {
    const compact = compactModel(this.#problem, this.#rows, { deviceIndices: this.#allDevices(), isRelaxed: true });
    const { kind } = this.#budget;
    const iterations = kind === "work" ? this.#budget.iterations : undefined;
    const answer = solveModel(this.#highs, compact.model, iterations === undefined ? {} : { iterations });
    if (answer.status !== "optimal") throw new NoPlanError(`no optimal relaxation (${answer.status})`);
    const prices = couplingPrices(this.#problem, compact, answer, this.#rows.length);
    const plan = planOf(this.#problem, compact, answer);
    return { plan, costEur: answer.objective, boundEur: answer.bound, prices };
  }

  #relaxByColumns(): RelaxedAnswer {
    const roundsMax = this.#budget.kind === "work" ? this.#budget.rounds : ROUNDS_MAX;
    const isOver = () => this.#secondsLeft() <= 0;
    return generateColumns(this.#highs, this.#problem, this.#rows, {
      relativeGap: this.#relativeGap,
      roundsMax,
      isOver,
    });
  }

  /** What a call of each device adds: a plan with it costs at least bound + value, one without it bound - value. */
  #deviceValues({ prices }: RelaxedAnswer): Float64Array {
    const responses = new DeviceResponses(this.#problem, this.#rows);
    responses.price(prices);
    const powerKw = new Float64Array(eventLength(this.#problem));
    return Float64Array.from(this.#problem.devices, (_, index) => responses.respond(index, powerKw, true));
  }

  #searchCore(values: Float64Array, relaxed: RelaxedAnswer): Found {
    const first = roundRelaxation(this.#highs, this.#problem, this.#rows, relaxed.plan);
    const byDistance = [...values.keys()].sort(
      (left, right) => Math.abs(values[left] ?? 0) - Math.abs(values[right] ?? 0),
    );
    const edge = Math.abs(values[byDistance[CORE_DEVICES_MAX] ?? -1] ?? Number.POSITIVE_INFINITY);
    return this.#solveOpen(values, edge, this.#limits(CORE_TIME_SHARE), first).found;
  }

  /** Leaves open every device that some plan better than the found one could treat otherwise than the relaxation. */
  #prove(values: Float64Array, { boundEur }: RelaxedAnswer, found: Found): Found & { boundEur: number } {
    const gapEur = found.costEur - boundEur;
    if (gapEur <= this.#relativeGap * Math.abs(boundEur) || this.#secondsLeft() <= 0) return { ...found, boundEur };
    const { found: best, boundEur: provenEur } = this.#solveOpen(values, gapEur, this.#limits(1), found);
    return { ...best, boundEur: Math.max(boundEur, Math.min(provenEur, best.costEur)) };
  }

  /** Branch and bound over the devices whose value is within the edge; those below are called, those above are not. */
  #solveOpen(
    values: Float64Array,
    edge: number,
    limits: SolveLimits,
    known: Found,
  ): { found: Found; boundEur: number } {
    const isCalledBefore = (index: number) => this.#callOf(known.plan, index).some((kw) => kw > 0);
    const deviceIndices = this.#allDevices().filter((index) => (values[index] ?? 0) <= edge || isCalledBefore(index));
    const called = new Set(deviceIndices.filter((index) => (values[index] ?? 0) < -edge && isCalledBefore(index)));
    const compact = compactModel(this.#problem, this.#rows, { deviceIndices, isRelaxed: false, called });
    const start = startOf(compact, this.#problem, known.plan);
    const answer = solveModel(this.#highs, compact.model, { ...limits, start });
    const found = foundIn(this.#problem, compact, answer);
    return { found: found.costEur < known.costEur ? found : known, boundEur: answer.bound };
  }

  #callOf({ powerKw }: DispatchPlan, index: number): Float64Array {
    const width = eventLength(this.#problem);
    return powerKw.subarray(index * width, (index + 1) * width);
  }

  #limits(share: number): SolveLimits {
    const relativeGap = this.#relativeGap / 2;
    if (this.#budget.kind === "work") return { nodes: this.#budget.nodes, relativeGap };
    return { seconds: Math.max(0.1, share * this.#secondsLeft()), relativeGap };
  }

  #secondsLeft(): number {
    if (this.#budget.kind === "work") return Number.POSITIVE_INFINITY;
    return this.#budget.seconds - (this.#budget.nowMs() - this.#startedMs) / 1000;
  }

  #allDevices(): number[] {
    return [...this.#problem.devices.keys()];
  }

  #answer({ plan }: { plan: DispatchPlan }, boundEur: number, method: DispatchAnswer["method"]): DispatchAnswer {
    const costEur = planCostEur(this.#problem, plan);
    return { plan, costEur, boundEur, method, shortfallKwh: shortfallOf(this.#problem, plan) };
  }
}

/** A full point of the model that stands for a plan. */
function startOf(compact: CompactModel, problem: DispatchProblem, plan: DispatchPlan): Float64Array {
  const width = eventLength(problem);
  const values = new Float64Array(compact.model.columns.length);
  compact.deviceIndices.forEach((index, position) => {
    const call = plan.powerKw.subarray(index * width, (index + 1) * width);
    values.set(call, compact.firstColumns[position] ?? 0);
    const column = compact.callColumns[position] ?? -1;
    if (column >= 0 && call.some((kw) => kw > 0)) values[column] = 1;
  });
  values.set(shortfallOf(problem, plan), compact.firstShortfallColumn);
  return values;
}

function shortfallOf(problem: DispatchProblem, { powerKw }: DispatchPlan): Float64Array {
  const width = eventLength(problem);
  const given = new Float64Array(width);
  powerKw.forEach((kw, at) => {
    const counted = countedShareOf(deviceAt(problem, Math.floor(at / width)));
    given[at % width] = (given[at % width] ?? 0) + counted * kw * problem.stepHours;
  });
  return problem.targetKwh.map((kwh, k) => Math.max(0, kwh - (given[k] ?? 0)));
}
