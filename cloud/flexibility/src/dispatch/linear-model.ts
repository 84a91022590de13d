/** The one place that talks to the solver HiGHS (Huangfu and Hall 2018; WebAssembly, single-threaded). */
import assert from "node:assert/strict";
import loadHighs, { type Highs, type Model } from "highs";

/** Bounds may be infinite; the objective is minimised. */
export type LinearColumn = {
  readonly cost: number;
  readonly lower: number;
  readonly upper: number;
  readonly isInteger?: boolean;
};

/** Sparse: `columns` and `coefficients` of one length; equal bounds make an equation. */
export type LinearRow = {
  readonly lower: number;
  readonly upper: number;
  readonly columns: readonly number[];
  readonly coefficients: readonly number[];
};

/** A model under construction; columns and rows keep the index they were added with. */
export class LinearModel {
  readonly columns: LinearColumn[] = [];
  readonly rows: LinearRow[] = [];

  addColumn(column: LinearColumn): number {
    return this.columns.push(column) - 1;
  }

  addRow(row: LinearRow): number {
    assert(row.columns.length === row.coefficients.length, "a coefficient for each column");
    return this.rows.push(row) - 1;
  }
}

/** None is needed. With `seconds` the same problem may be answered differently on another machine. */
export type SolveLimits = {
  /** Wall time; only for callers that need no reproducible answer. */
  readonly seconds?: number;
  /** Branch-and-bound nodes: a limit that gives the same answer everywhere. */
  readonly nodes?: number;
  readonly relativeGap?: number;
  /** Steps of the simplex method: as reproducible. */
  readonly iterations?: number;
  /** A feasible point to start from. */
  readonly start?: Float64Array;
};

/** With `none` the values mean nothing and `objective` is infinite. */
export type LinearAnswer = {
  readonly status: "optimal" | "feasible" | "none";
  readonly values: Float64Array;
  /** Of the relaxation; meaningless with integers. */
  readonly rowDuals: Float64Array;
  readonly objective: number;
  /** No solution costs less than this. */
  readonly bound: number;
};

/** What names the solver: another version may find other plans that cost the same. */
export const DISPATCH_VERSION = "highs-1.15.1";

let loading: Promise<Highs> | undefined;

/** Loads the solver once in a process: compiling 3.5 MB of WebAssembly takes a tenth of a second. */
export function loadSolver(): Promise<Highs> {
  // The package declares one type file for its two formats: here the default export is the loader itself.
  const load = loadHighs as unknown as typeof loadHighs.default;
  loading ??= load();
  return loading;
}

/** Minimises. Without integers the answer carries duals; `none` without a solution, or none within the limits. */
export function solveModel(highs: Highs, model: LinearModel, limits: SolveLimits = {}): LinearAnswer {
  return highs.withModel(modelData(model), (solver) => {
    applyLimits(solver, limits);
    solver.run();
    return answerOf(highs, solver, model);
  });
}

function applyLimits(solver: Model, { seconds, nodes, relativeGap, iterations, start }: SolveLimits): void {
  solver.options.set({
    output_flag: false,
    ...(seconds === undefined ? {} : { time_limit: seconds }),
    ...(nodes === undefined ? {} : { mip_max_nodes: nodes }),
    ...(relativeGap === undefined ? {} : { mip_rel_gap: relativeGap }),
    ...(iterations === undefined ? {} : { simplex_iteration_limit: iterations }),
  });
  if (start !== undefined) solver.setSolution({ colValue: start });
}

function answerOf(highs: Highs, solver: Model, { columns }: LinearModel): LinearAnswer {
  const isMixed = columns.some(({ isInteger }) => isInteger === true);
  const isOptimal = solver.getModelStatus() === highs.constants.modelStatus.optimal;
  const hasPoint = Number(solver.info.get("primal_solution_status")) === FEASIBLE_POINT;
  const { colValue, rowDual } = solver.getSolution();
  const objective = hasPoint ? solver.getObjectiveValue() : Number.POSITIVE_INFINITY;
  const proven = isMixed ? Number(solver.info.get("mip_dual_bound")) : Number.NEGATIVE_INFINITY;
  return {
    status: !hasPoint ? "none" : isOptimal ? "optimal" : "feasible",
    values: colValue,
    rowDuals: rowDual,
    objective,
    bound: isMixed ? proven : isOptimal ? objective : Number.NEGATIVE_INFINITY,
  };
}

/** HiGHS `SolutionStatus::kSolutionStatusFeasible`. */
const FEASIBLE_POINT = 2;

function modelData({ columns, rows }: LinearModel) {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    starts[index + 1] = (starts[index] ?? 0) + row.columns.length;
  });
  return {
    numCols: columns.length,
    numRows: rows.length,
    colCost: Float64Array.from(columns, ({ cost }) => cost),
    colLower: Float64Array.from(columns, ({ lower }) => lower),
    colUpper: Float64Array.from(columns, ({ upper }) => upper),
    rowLower: Float64Array.from(rows, ({ lower }) => lower),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper),
    integrality: Int32Array.from(columns, ({ isInteger }) => (isInteger === true ? 1 : 0)),
    matrix: {
      format: "csr" as const,
      numCols: columns.length,
      numRows: rows.length,
      starts,
      indices: Int32Array.from(rows.flatMap((row) => row.columns as number[])),
      values: Float64Array.from(rows.flatMap((row) => row.coefficients as number[])),
    },
  };
}
