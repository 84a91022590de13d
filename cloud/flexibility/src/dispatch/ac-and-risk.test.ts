import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { SeededDraws } from "../matching/training/seeded-draws.ts";
import { acExcess, solveWithinAcLimits } from "./ac-limits.ts";
import { checkPlan } from "./check-plan.ts";
import type { DispatchProblem } from "./dispatch-problem.ts";
import { type DispatchBudget, solveDispatch } from "./solve-dispatch.ts";
import { type DeliveryOutlook, solveWithRisk } from "./solve-with-risk.ts";
import { randomProblem } from "./test/random-problem.ts";

const BUDGET: DispatchBudget = { kind: "work", nodes: 200, rounds: 100 };
const OPTIONS = { budget: BUDGET };
const SHAPE = { seed: 2, deviceCount: 24, leafCount: 4, isSwitched: false, targetShare: 0.4, roomShare: 0.45 };

/** The random tree with branches long enough to lose something, and a voltage band. */
function longLines(direction: "reduce" | "increase"): DispatchProblem {
  const problem = randomProblem({ ...SHAPE, direction });
  const nodes = problem.nodes.map((node, at) => ({ ...node, resistanceOhm: at === 0 ? 0 : 0.1, reactanceOhm: 0.03 }));
  return { ...problem, nodes, voltage: { sourcePu: 1, minPu: 0.9, maxPu: 1.1, baseKv: 0.4 } };
}

describe("solveWithinAcLimits", () => {
  it.each(["reduce", "increase"] as const)(
    "keeps limits that the linear plan of a %s breaks by its losses",
    async (way) => {
      const problem = longLines(way);
      const linear = await solveDispatch(problem, OPTIONS);
      expect(checkPlan(problem, linear.plan).breaches).toEqual([]);
      const before = acExcess(problem, linear.plan);
      expect(Math.max(...before.flowKw)).toBeGreaterThan(0.01);
      expect(before.linearErrorPu).toBeLessThan(5e-3);
      const { plan, excess, rounds, costEur } = await solveWithinAcLimits(problem, OPTIONS);
      expect(Math.max(...excess.flowKw)).toBeLessThan(1e-3);
      expect(checkPlan(problem, plan).breaches).toEqual([]);
      expect(rounds).toBeGreaterThan(1);
      expect(costEur).toBeGreaterThanOrEqual(linear.costEur - 1e-6);
    },
  );

  it("changes nothing where the AC flow keeps the limits as it is", async () => {
    const problem = longLines("increase");
    const wide = problem.nodes.map((node) => ({ ...node, capacityKw: 1000 }));
    expect(await solveWithinAcLimits({ ...problem, nodes: wide }, OPTIONS)).toMatchObject({ rounds: 1 });
  });

  it("raises a voltage that lies below its band in truth", async () => {
    const problem = longLines("increase");
    const wide = { ...problem, nodes: problem.nodes.map((node) => ({ ...node, capacityKw: 1000 })) };
    const { plan } = await solveDispatch(wide, OPTIONS);
    // The band's edge is put where the linear voltages of that plan lie, so the true ones are just below it.
    const lowest = lowestAllowed(wide, plan.powerKw);
    const tight = { ...wide, voltage: { sourcePu: 1, minPu: lowest, maxPu: 1.1, baseKv: 0.4 } };
    expect(Math.max(...acExcess(tight, plan).voltagePu)).toBeGreaterThan(1e-5);
    const { excess } = await solveWithinAcLimits(tight, OPTIONS);
    expect(Math.max(...excess.voltagePu)).toBeLessThan(1e-5);
  });
});

/** The highest lower edge of the band at which the checker accepts the plan. */
function lowestAllowed(problem: DispatchProblem, powerKw: Float64Array): number {
  let [low, high] = [0.5, 1];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (low + high) / 2;
    const voltage = { sourcePu: 1, minPu: middle, maxPu: 1.1, baseKv: 0.4 };
    const isKept = checkPlan({ ...problem, voltage }, { powerKw }, 0).breaches.every(
      ({ limit }) => !limit.startsWith("voltage"),
    );
    if (isKept) low = middle;
    else high = middle;
  }
  return low;
}

describe("solveWithRisk", () => {
  const problem = randomProblem({ ...SHAPE, direction: "reduce", targetShare: 0.25, roomShare: 2 });
  const outlooks: DeliveryOutlook[] = problem.devices.map((_, index) => ({
    rate: index % 3 === 0 ? 0.6 : 0.95,
    spread: index % 3 === 0 ? 0.3 : 0.1,
  }));
  /** Share of drawn deliveries in which every target is reached in the first step. */
  const reached = (powerKw: Float64Array) => {
    const draws = new SeededDraws(1);
    const width = problem.targetKwh.length;
    let hits = 0;
    for (let trial = 0; trial < 2000; trial += 1) {
      const deliveredKwh = outlooks.reduce((sum, { rate, spread }, device) => {
        return sum + 0.25 * (powerKw[device * width] ?? 0) * (rate + spread * draws.normal());
      }, 0);
      if (deliveredKwh >= (problem.targetKwh[0] ?? 0)) hits += 1;
    }
    return hits / 2000;
  };

  it("reaches the target as often as it promises", async () => {
    const certain = await solveWithRisk(problem, { outlooks, confidence: "95 %" }, OPTIONS);
    expect(reached(certain.ordered.powerKw)).toBeGreaterThan(0.93);
    const even = await solveWithRisk(problem, { outlooks, confidence: "50 %" }, OPTIONS);
    expect(reached(even.ordered.powerKw)).toBeLessThan(0.6);
    expect(certain.costEur).toBeGreaterThan(even.costEur);
    expect([...even.marginKwh]).toEqual([0, 0, 0, 0]);
  });

  it("orders no more than devices can give", async () => {
    const { ordered } = await solveWithRisk(problem, { outlooks, confidence: "90 %" }, OPTIONS);
    const broken = checkPlan(problem, ordered).breaches.filter(({ limit }) => !limit.startsWith("target"));
    expect(broken).toEqual([]);
  });

  it.each([
    ["too few outlooks", outlooks.slice(1)],
    ["a rate of nothing", outlooks.map((each) => ({ ...each, rate: 0 }))],
    ["a negative spread", outlooks.map((each) => ({ ...each, spread: -1 }))],
  ])("refuses %s", async (_, wrong) => {
    await expect(solveWithRisk(problem, { outlooks: wrong, confidence: "90 %" }, OPTIONS)).rejects.toThrow(
      InvalidInputError,
    );
  });
});
