import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DispatchNode, DispatchProblem } from "../../src/dispatch/index.ts";
import { rowsFromCsv } from "../../src/feeder/csv-rows.ts";
import { type GridRows, parseRadialGrid } from "../../src/feeder/index.ts";
import { plansOf, withGrid } from "./grid-cases.ts";
import { findPandapower, judge } from "./judge.ts";

const GRID_DIR = join(import.meta.dirname, "../../../../edge/data/simbench");
/** A winter evening; profiles are in 1e-5 of the reference power. */
const STARTED_AT = "2016-01-20T17:00:00";
const STEPS = 8;
const PROFILE_ONE = 100_000;

const rowsOf = (name: string) => rowsFromCsv(readFileSync(join(GRID_DIR, name), "utf8"));

/** Every load sheds up to two fifths for an hour and draws half of it later; the transformer has little room. */
function eveningProblem(): DispatchProblem {
  const [loads, profiles] = [rowsOf("loads.csv"), rowsOf("profiles.csv")];
  const first = profiles.findIndex(({ ts }) => ts === STARTED_AT);
  const loadKw = (load: (typeof loads)[number], step: number) =>
    (Number(load["p_ref_w"]) / 1000) * (Number(profiles[first + step]?.[load["profile"] ?? ""]) / PROFILE_ONE);
  const tables: GridRows = {
    buses: rowsOf("buses.csv"),
    lines: rowsOf("lines.csv"),
    transformers: rowsOf("transformers.csv"),
  };
  const { branches } = parseRadialGrid(tables);
  const order = branches.map(({ downstreamBusId }) => downstreamBusId);
  const nodes: DispatchNode[] = branches.map(({ upstreamBusId, downstreamBusId }) => {
    const own = Float64Array.from({ length: STEPS }, (_, step) =>
      loads.filter(({ bus }) => bus === downstreamBusId).reduce((sum, load) => sum + loadKw(load, step), 0),
    );
    const bare = { capacityKw: Number.POSITIVE_INFINITY, reactiveKvar: own.map((kw) => 0.3 * kw) };
    const unknown = { resistanceOhm: 0, reactanceOhm: 0 };
    return { nodeId: downstreamBusId, parentIndex: order.indexOf(upstreamBusId), loadKw: own, ...bare, ...unknown };
  });
  const devices = loads.map((load, index) => ({
    deviceId: load["load"] ?? "",
    nodeIndex: order.indexOf(load["bus"] ?? ""),
    powerKwMax: Float64Array.from({ length: 4 }, (_, step) => 0.4 * loadKw(load, step)),
    energyKwhMax: 100,
    energyKwhMin: 0,
    priceEurPerKwh: 0.1 + 0.01 * ((index * 7) % 13),
    startCostEur: 0,
    reboundRatio: 0.5,
  }));
  const offeredKw = devices.reduce((sum, { powerKwMax }) => sum + Math.min(...powerKwMax), 0);
  const problem: DispatchProblem = {
    direction: "reduce",
    stepHours: 0.25,
    eventStart: 0,
    eventEnd: 4,
    reboundSteps: 4,
    targetKwh: new Float64Array(4).fill(0.25 * 0.5 * offeredKw),
    nodes: withRoom(nodes),
    devices,
  };
  return withGrid(problem, { gridDir: GRID_DIR, startedAt: STARTED_AT });
}

/** A fiftieth of what the transformer carries at most is all the room there is for the rebound. */
function withRoom(nodes: readonly DispatchNode[]): DispatchNode[] {
  const totals = Array.from({ length: STEPS }, (_, step) =>
    nodes.reduce((sum, { loadKw }) => sum + (loadKw[step] ?? 0), 0),
  );
  return nodes.map((node, at) => (at === 0 ? { ...node, capacityKw: 1.02 * Math.max(...totals) } : node));
}

describe("plans on the SimBench grid in pandapower's AC flow", { timeout: 300_000 }, () => {
  it("keep branch loading and voltage, rebound included", async (context) => {
    const found = await findPandapower();
    if ("missing" in found) {
      process.stdout.write(`skipped: ${context.task.name}: ${found.missing}\n`);
      return context.skip(found.missing);
    }
    const cases = await plansOf({ name: "winter evening", problem: eveningProblem() });
    const [linear, within] = await judge(found.python, { gridDir: GRID_DIR, cases });
    expect(within?.flowExcessKw).toBeLessThan(0.05);
    expect(within?.flowExcessKw).toBeLessThanOrEqual(linear?.flowExcessKw ?? 0);
    expect(within?.voltageExcessPu).toBe(0);
    expect(within?.lineLoadingPercentMax).toBeLessThan(100);
    expect(within?.transformerLoadingPercentMax).toBeLessThan(100);
  });

  it("are found out when they break a limit", async (context) => {
    const found = await findPandapower();
    if ("missing" in found) {
      process.stdout.write(`skipped: ${context.task.name}: ${found.missing}\n`);
      return context.skip(found.missing);
    }
    const [linear] = await plansOf({ name: "winter evening", problem: eveningProblem() });
    if (linear === undefined) throw new Error("no plan");
    const nodes = linear.nodes.map((node) => ({ ...node, activeKw: node.activeKw.map((kw) => 3 * kw) }));
    const [overloaded] = await judge(found.python, { gridDir: GRID_DIR, cases: [{ ...linear, nodes }] });
    expect(overloaded?.flowExcessKw).toBeGreaterThan(10);
  });
});
