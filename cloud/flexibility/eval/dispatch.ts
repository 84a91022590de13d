/** Solves every dispatch instance of a folder and has the independent checker judge each plan. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  acExcess,
  checkPlan,
  type DispatchBudget,
  type DispatchPlan,
  type DispatchProblem,
  readInstance,
  solveDispatch,
  solveWithinAcLimits,
} from "../src/dispatch/index.ts";
import { readReferences, referenceAt } from "./data-folder.ts";
import type { EvalReport } from "./eval-report.ts";

/** An instance may take 10 s; what loading, reading and the last solver call run over has to fit beside the search. */
const SEARCH_SECONDS = 8;

const TOLERANCE = 1e-4;

/** The instances lie in `dispatch/` of the folder or in the folder itself. */
export async function evaluateDispatch(dataDir: string): Promise<EvalReport> {
  const nested = join(dataDir, "dispatch");
  const folder = existsSync(nested) ? nested : dataDir;
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== "references.json")
    .sort();
  const rows: EvalReport["rows"][number][] = [];
  for (const name of names) rows.push(await instanceRow(dataDir, join(folder, name)));
  return {
    title: "Dispatch: cheapest calls within targets, devices and grid",
    rows,
    remarks: [
      `feasible: no limit broken by more than ${TOLERANCE}, by a checker that shares nothing with the solver.`,
      "cost/bound: against the larger of our lower bound and the reference's. seconds: wall time, reading not counted.",
    ],
  };
}

async function instanceRow(dataDir: string, path: string): Promise<EvalReport["rows"][number]> {
  const file: unknown = JSON.parse(readFileSync(path, "utf8"));
  const { name, problem } = readInstance(file);
  const startedMs = performance.now();
  const budget = { kind: "time", seconds: SEARCH_SECONDS, nowMs: () => performance.now() } as const;
  const { plan, boundEur, method } = await solveDispatch(problem, { budget });
  const seconds = (performance.now() - startedMs) / 1000;
  const { breaches, excessMax, costEur } = checkPlan(problem, plan, TOLERANCE);
  const reference = referenceOf(dataDir, name, file);
  const boundMax = Math.max(boundEur, reference.boundEur ?? Number.NEGATIVE_INFINITY);
  return {
    instance: name,
    devices: problem.devices.length,
    feasible: breaches.length === 0,
    "largest excess": excessMax,
    "cost EUR": costEur,
    "bound EUR": boundEur,
    "cost EUR, reference": reference.costEur,
    "bound EUR, reference": reference.boundEur,
    "cost/bound": (costEur / boundMax).toFixed(5),
    "within 1.001": breaches.length === 0 && costEur <= 1.001 * boundMax,
    seconds,
    method,
    ...(await acColumns(problem, plan, budget)),
  };
}

/** Where impedances are known: the AC flow of the plan, and of the one that is solved with room for losses. */
async function acColumns(
  problem: DispatchProblem,
  plan: DispatchPlan,
  budget: DispatchBudget,
): Promise<EvalReport["rows"][number]> {
  if (problem.voltage === undefined) return {};
  const linear = acExcess(problem, plan);
  const corrected = await solveWithinAcLimits(problem, { budget });
  return {
    "AC excess kW": Math.max(...linear.flowKw),
    "LinDistFlow error pu": linear.linearErrorPu,
    "AC excess kW, corrected": Math.max(...corrected.excess.flowKw),
    "AC voltage excess pu, corrected": Math.max(...corrected.excess.voltagePu.map(Math.abs)),
    "cost EUR, corrected": corrected.costEur,
  };
}

function referenceOf(dataDir: string, name: string, file: unknown) {
  const inFile = { dispatch: { [name]: (file as { reference?: Record<string, number> }).reference ?? {} } };
  const references = [readReferences(dataDir), inFile];
  const find = (key: string) => {
    const found = references.map((each) => referenceAt(each, "dispatch", name, key));
    return found.find((value) => value !== null) ?? null;
  };
  return { costEur: find("objective_eur"), boundEur: find("lower_bound_eur") };
}
