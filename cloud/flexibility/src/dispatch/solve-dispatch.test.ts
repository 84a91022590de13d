import { describe, expect, it } from "vitest";
import { NoPlanError } from "../flexibility-error.ts";
import { checkPlan } from "./check-plan.ts";
import { generateColumns } from "./column-generation.ts";
import { compactModel } from "./compact-model.ts";
import { DeviceResponses, fixedValueEur } from "./device-response.ts";
import { type DispatchProblem, eventLength } from "./dispatch-problem.ts";
import { DISPATCH_VERSION, loadSolver, solveModel } from "./linear-model.ts";
import { networkRows } from "./network-rows.ts";
import { type DispatchBudget, solveDispatch } from "./solve-dispatch.ts";
import { type ProblemShape, randomProblem } from "./test/random-problem.ts";

const WORK: DispatchBudget = { kind: "work", nodes: 2000, rounds: 100 };
const SHAPE = { deviceCount: 12, leafCount: 4, targetShare: 0.4, roomShare: 0.8 };
const highs = await loadSolver();

const shapes: ProblemShape[] = [1, 2, 3, 4].flatMap((seed) =>
  (["reduce", "increase"] as const).flatMap((direction) =>
    [false, true].map((isSwitched) => ({ ...SHAPE, seed, direction, isSwitched })),
  ),
);

describe("solveDispatch", () => {
  it.each(shapes)("finds a feasible plan at the bound: %o", async (shape) => {
    const problem = randomProblem(shape);
    const { plan, costEur, boundEur, shortfallKwh } = await solveDispatch(problem, { budget: WORK });
    const check = checkPlan(problem, plan);
    expect(check.breaches).toEqual([]);
    expect(check.costEur).toBeCloseTo(costEur, 9);
    expect(Math.max(...shortfallKwh)).toBeLessThan(1e-6);
    expect(costEur).toBeGreaterThanOrEqual(boundEur - 1e-6);
    expect(costEur).toBeLessThanOrEqual(boundEur * 1.001);
  });

  it("is as cheap as the cheapest of all choices of devices", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 7, deviceCount: 8, direction: "reduce", isSwitched: true });
    const { costEur } = await solveDispatch(problem, { budget: WORK, relativeGap: 1e-6 });
    expect(costEur).toBeCloseTo(cheapestOfAllChoices(problem), 5);
  });

  it("solves many devices as exactly by columns as in one model, switched or not", async () => {
    for (const isSwitched of [false, true]) {
      const shape = { ...SHAPE, deviceCount: 640, leafCount: 10, roomShare: 0.6, isSwitched };
      const problem = randomProblem({ ...shape, seed: 11, direction: "reduce" });
      const { plan, costEur, boundEur } = await solveDispatch(problem, { budget: WORK, relativeGap: 1e-3 });
      expect(checkPlan(problem, plan).breaches).toEqual([]);
      expect(costEur).toBeLessThanOrEqual(boundEur * 1.001);
    }
  });

  it("says what the limits do not allow instead of giving up", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 5, direction: "increase", isSwitched: false, targetShare: 0.9 });
    const { plan, shortfallKwh } = await solveDispatch(problem, { budget: WORK });
    expect(Math.max(...shortfallKwh)).toBeGreaterThan(0.1);
    const broken = checkPlan(problem, plan).breaches.map(({ limit }) => limit.replace(/ of step.*/, ""));
    expect([...new Set(broken)]).toEqual(["target"]);
  });

  it("gives the same answer for the same work, and answers when its time is over at once", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 3, deviceCount: 60, direction: "reduce", isSwitched: true });
    const first = await solveDispatch(problem, { budget: WORK });
    expect((await solveDispatch(problem, { budget: WORK })).plan).toEqual(first.plan);
    const noTime = await solveDispatch(problem, { budget: { kind: "time", seconds: 0, nowMs: () => 0 } });
    expect(noTime.boundEur).toBeLessThanOrEqual(first.costEur);
    expect(checkPlan(problem, noTime.plan).breaches.filter(({ limit }) => !limit.startsWith("target"))).toEqual([]);
  });
});

describe("a device that is counted on for a part of its call", () => {
  const counted = (problem: DispatchProblem): DispatchProblem => ({
    ...problem,
    devices: problem.devices.map((device, index) => ({ ...device, countedShare: index % 2 === 0 ? 0.5 : 0.9 })),
  });

  it("is called for more, within the same limits, in one model and by columns", async () => {
    for (const deviceCount of [12, 640]) {
      const shape = { ...SHAPE, deviceCount, targetShare: 0.3, seed: 13, isSwitched: false };
      const whole = randomProblem({ ...shape, direction: "reduce" });
      const answer = await solveDispatch(counted(whole), { budget: WORK });
      expect(checkPlan(counted(whole), answer.plan).breaches).toEqual([]);
      expect(Math.max(...answer.shortfallKwh)).toBeLessThan(1e-6);
      expect(answer.costEur).toBeLessThanOrEqual(answer.boundEur * 1.001);
      const orderedKw = (powerKw: Float64Array) => powerKw.reduce((sum, kw) => sum + kw, 0);
      const certain = await solveDispatch(whole, { budget: WORK });
      expect(orderedKw(answer.plan.powerKw)).toBeGreaterThan(1.1 * orderedKw(certain.plan.powerKw));
    }
  });
});

describe("a stated price of what is short", () => {
  it("leaves short what would cost more", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 3, direction: "reduce", isSwitched: true });
    const cheap = await solveDispatch({ ...problem, shortfallEurPerKwh: 0.001 }, { budget: WORK });
    expect(cheap.plan.powerKw.every((kw) => kw === 0)).toBe(true);
    expect(cheap.shortfallKwh).toEqual(problem.targetKwh);
  });
});

describe("work that ends before there is a plan", () => {
  it("says so", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 3, deviceCount: 60, direction: "reduce", isSwitched: true });
    const budget: DispatchBudget = { kind: "work", nodes: 1, rounds: 1, iterations: 1 };
    await expect(solveDispatch(problem, { budget })).rejects.toThrow(NoPlanError);
  });

  it("is not the case of limits that the base load breaks", async () => {
    const problem = randomProblem({ ...SHAPE, seed: 3, direction: "increase", isSwitched: false });
    const nodes = problem.nodes.map((node, at) => (at === 3 ? { ...node, capacityKw: 0.1 } : node));
    await expect(solveDispatch({ ...problem, nodes }, { budget: WORK })).rejects.toThrow(NoPlanError);
  });

  it("names the solver that another version of it may answer differently from", () => {
    expect(`highs-${highs.version.string}`).toBe(DISPATCH_VERSION);
  });
});

describe("the lower bound", () => {
  it("holds for any prices and is met by the prices of the relaxation", () => {
    const problem = randomProblem({ ...SHAPE, seed: 9, direction: "reduce", isSwitched: true });
    const rows = networkRows(problem);
    const limits = { relativeGap: 1e-6, roundsMax: 200, isOver: () => false };
    const { boundEur, costEur, prices } = generateColumns(highs, problem, rows, limits);
    expect(costEur - boundEur).toBeLessThan(1e-4 * costEur);
    const responses = new DeviceResponses(problem, rows);
    for (const factor of [0.5, 0.9, 1, 1.1, 2]) {
      const scaled = {
        targetEurPerKwh: prices.targetEurPerKwh.map((eur) => eur * factor),
        rowEur: prices.rowEur.map((eur) => eur * factor),
      };
      responses.price(scaled);
      const call = new Float64Array(eventLength(problem));
      const bound = problem.devices.reduce(
        (sum, _, index) => sum + responses.respond(index, call),
        fixedValueEur(problem, rows, scaled),
      );
      expect(bound).toBeLessThanOrEqual(costEur + 1e-9);
    }
  });
});

/** Tries every set of called devices; for each, the rest is a linear program. */
function cheapestOfAllChoices(problem: DispatchProblem): number {
  const rows = networkRows(problem);
  const costs = Array.from({ length: 2 ** problem.devices.length }, (_, choice) => {
    const deviceIndices = [...problem.devices.keys()].filter((index) => (choice >> index) % 2 === 1);
    const called = new Set(deviceIndices);
    const { model } = compactModel(problem, rows, { deviceIndices, isRelaxed: true, called });
    return solveModel(highs, model).objective;
  });
  return Math.min(...costs);
}
