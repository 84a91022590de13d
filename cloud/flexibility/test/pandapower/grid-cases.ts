/**
 * Dispatch problems on the SimBench grid with what an AC flow needs, and the plans for them, as the judge reads them:
 * power at every bus in every step from the event's start to the rebound's end.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DispatchPlan,
  type DispatchProblem,
  effectsIn,
  readInstance,
  solveDispatch,
  solveWithinAcLimits,
} from "../../src/dispatch/index.ts";
import { type Row, rowsFromCsv } from "../../src/feeder/csv-rows.ts";

export type GridCase = { readonly name: string; readonly problem: DispatchProblem };

/** What the judge is told of one plan. */
export type JudgedCase = {
  readonly name: string;
  readonly plan: "linear" | "within AC limits";
  readonly costEur: number;
  readonly minPu: number;
  readonly maxPu: number;
  readonly nodes: readonly {
    readonly bus: string;
    readonly capacityKw: number | null;
    /** By step, plan included. */
    readonly activeKw: readonly number[];
    readonly reactiveKvar: readonly number[];
  }[];
};

/** The band of EN 50160 around the nominal voltage, as SimBench's low-voltage buses have it. */
const BAND = { minPu: 0.9, maxPu: 1.1, baseKv: 0.4 };
/** The same answer everywhere: bounded by work, not by time. */
const OPTIONS = { budget: { kind: "work", nodes: 200, rounds: 100 } } as const;

const rowsOf = (...path: string[]) => rowsFromCsv(readFileSync(join(...path), "utf8"));
const numberAt = (row: Row | undefined, column: string) => Number(row?.[column] ?? Number.NaN);

/** Every instance of a data folder whose nodes are buses of the grid in `gridDir`. */
export function readGridCases(dataDir: string, gridDir: string): GridCase[] {
  const folder = join(dataDir, "dispatch");
  const buses = new Set(rowsOf(gridDir, "buses.csv").map(({ bus }) => bus));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name): [Record<string, unknown>, GridCase] => {
      const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, unknown>;
      return [file, readInstance(file)];
    })
    .filter(([, { problem }]) => problem.nodes.every(({ nodeId }) => buses.has(nodeId)))
    .map(([file, { name, problem }]) => ({
      name,
      problem: withGrid(problem, { gridDir, startedAt: String(file["start"]) }),
    }));
}

/** Impedances from the grid's tables, reactive loads as metered from `startedAt` on, where the problem has none. */
export function withGrid(
  problem: DispatchProblem,
  { gridDir, startedAt }: { gridDir: string; startedAt: string },
): DispatchProblem {
  const [lines, [transformer]] = [rowsOf(gridDir, "lines.csv"), rowsOf(gridDir, "transformers.csv")];
  const reactive = reactiveByBus(gridDir, startedAt);
  const nodes = problem.nodes.map((node) => {
    const parentId = problem.nodes[node.parentIndex]?.nodeId;
    const line = lines.find(({ from_bus, to_bus, closed }) => {
      const ends = [from_bus, to_bus];
      return closed === "1" && ends.includes(node.nodeId) && parentId !== undefined && ends.includes(parentId);
    });
    const isKnown = node.resistanceOhm > 0 || node.reactanceOhm > 0;
    const [resistanceOhm, reactanceOhm] =
      line === undefined ? transformerOhm(transformer) : [numberAt(line, "r_ohm"), numberAt(line, "x_ohm")];
    const isMetered = node.reactiveKvar.some((kvar) => kvar !== 0);
    const reactiveKvar = isMetered
      ? node.reactiveKvar
      : Float64Array.from(node.loadKw, (_, step) => reactive(node.nodeId, step));
    return { ...node, reactiveKvar, ...(isKnown ? {} : { resistanceOhm, reactanceOhm }) };
  });
  const voltage = problem.voltage ?? { ...BAND, sourcePu: numberAt(transformer, "slack_vm_pu") };
  return { ...problem, nodes, voltage };
}

/** Of the nameplate, seen from the low-voltage side: ohm = vk % / 100 x V^2 / S. */
function transformerOhm(row: Row | undefined): [number, number] {
  const baseOhm = (numberAt(row, "vn_lv_kv") ** 2 * 1000) / numberAt(row, "s_kva");
  const [short, resistive] = [numberAt(row, "vk_percent") / 100, numberAt(row, "vkr_percent") / 100];
  return [resistive * baseOhm, Math.sqrt(short * short - resistive * resistive) * baseOhm];
}

function reactiveByBus(gridDir: string, startedAt: string): (bus: string, step: number) => number {
  const path = join(gridDir, "load_q_kvar.csv");
  if (!existsSync(path)) return () => 0;
  const [loads, metered] = [rowsOf(gridDir, "loads.csv"), rowsFromCsv(readFileSync(path, "utf8"))];
  const first = metered.findIndex(({ ts }) => ts === startedAt);
  return (bus, step) =>
    loads
      .filter((load) => load["bus"] === bus)
      .reduce((sum, load) => sum + numberAt(metered[first + step], load["load"] ?? ""), 0);
}

/** The plan that the linear model takes for kept, and the one that keeps the limits in an AC flow as well. */
export async function plansOf({ name, problem }: GridCase): Promise<JudgedCase[]> {
  const [linear, within] = [await solveDispatch(problem, OPTIONS), await solveWithinAcLimits(problem, OPTIONS)];
  return [
    judged(name, problem, { plan: "linear", answer: linear }),
    judged(name, problem, { plan: "within AC limits", answer: within }),
  ];
}

function judged(
  name: string,
  problem: DispatchProblem,
  { plan, answer }: { plan: JudgedCase["plan"]; answer: { plan: DispatchPlan; costEur: number } },
): JudgedCase {
  const { eventStart, eventEnd, reboundSteps, nodes, voltage } = problem;
  const steps = Array.from({ length: eventEnd + reboundSteps - eventStart }, (_, step) => eventStart + step);
  const effects = steps.map((step) => effectsIn(problem, answer.plan, step));
  return {
    name,
    plan,
    costEur: answer.costEur,
    minPu: voltage?.minPu ?? BAND.minPu,
    maxPu: voltage?.maxPu ?? BAND.maxPu,
    nodes: nodes.map(({ nodeId, capacityKw, loadKw, reactiveKvar }, at) => ({
      bus: nodeId,
      capacityKw: Number.isFinite(capacityKw) ? capacityKw : null,
      activeKw: steps.map((step, index) => (loadKw[step] ?? 0) + (effects[index]?.[at] ?? 0)),
      reactiveKvar: steps.map((step) => reactiveKvar[step] ?? 0),
    })),
  };
}
