/** The first plan of a search: cheap, and good enough to be the answer where there is no time for more. */
import type { Highs } from "highs";
import { type CompactModel, compactModel, planOf } from "./compact-model.ts";
import { type DispatchPlan, type DispatchProblem, deviceAt, eventLength } from "./dispatch-problem.ts";
import { type LinearAnswer, solveModel } from "./linear-model.ts";
import type { NetworkRow } from "./network-rows.ts";

/** `costEur` counts what is short of the targets at its price in the models; infinite without any plan. */
export type Found = { readonly plan: DispatchPlan; readonly costEur: number };

/**
 * Shares of a call above which it is taken for a whole one. With every call whole, the least energies of some may break
 * a limit; with few, the targets are missed. Each is a linear program of some 20 ms for 1,000 devices.
 */
const WHOLE_ABOVE = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7];

/** Who is called is the relaxation's, rounded at several shares; how much each gives is a linear program. */
export function roundRelaxation(
  highs: Highs,
  problem: DispatchProblem,
  rows: readonly NetworkRow[],
  relaxed: DispatchPlan,
): Found {
  const shares = [...problem.devices.keys()].map((index) => shareOf(problem, relaxed, index));
  const tried = WHOLE_ABOVE.map((share) => {
    const deviceIndices = [...problem.devices.keys()].filter((index) => (shares[index] ?? 0) > share);
    const called = new Set(deviceIndices);
    const compact = compactModel(problem, rows, { deviceIndices, isRelaxed: true, called });
    return foundIn(problem, compact, solveModel(highs, compact.model));
  });
  return tried.reduce((best, each) => (each.costEur < best.costEur ? each : best));
}

/** Costs are infinite where the model had no solution, so any other is better. */
export function foundIn(problem: DispatchProblem, compact: CompactModel, answer: LinearAnswer): Found {
  return { plan: planOf(problem, compact, answer), costEur: answer.objective };
}

/** How far a device is called, 0 to 1. */
function shareOf(problem: DispatchProblem, { powerKw }: DispatchPlan, index: number): number {
  const width = eventLength(problem);
  const { powerKwMax, energyKwhMax } = deviceAt(problem, index);
  const call = powerKw.subarray(index * width, (index + 1) * width);
  const energyKwh = problem.stepHours * call.reduce((sum, kw) => sum + kw, 0);
  const used = [...call].map((kw, k) => (kw > 0 ? kw / (powerKwMax[k] ?? kw) : 0));
  return Math.max(energyKwh > 0 ? energyKwh / energyKwhMax : 0, ...used);
}
