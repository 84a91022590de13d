import { describe, expect, it } from "vitest";
import { checkPlan } from "./check-plan.ts";
import type { DispatchProblem } from "./dispatch-problem.ts";

/** Source -> node A (branch 10 kW, own load 6 kW) with two devices; event steps 1 and 2, rebound in step 3. */
const problem: DispatchProblem = {
  direction: "reduce",
  stepHours: 0.5,
  eventStart: 1,
  eventEnd: 3,
  reboundSteps: 1,
  targetKwh: Float64Array.of(1, 1),
  nodes: [
    nodeOf("S", { parentIndex: -1, capacityKw: Number.POSITIVE_INFINITY, loadKw: 0 }),
    nodeOf("A", { parentIndex: 0, capacityKw: 10, loadKw: 6 }),
  ],
  devices: [
    deviceOf("heater", { startCostEur: 0.5, energyKwhMin: 1, reboundRatio: 1 }),
    deviceOf("lamp", { startCostEur: 0, energyKwhMin: 0, reboundRatio: 0 }),
  ],
};

function nodeOf(nodeId: string, at: { parentIndex: number; capacityKw: number; loadKw: number }) {
  const { parentIndex, capacityKw, loadKw } = at;
  const series = (value: number) => new Float64Array(4).fill(value);
  const line = parentIndex < 0 ? { resistanceOhm: 0, reactanceOhm: 0 } : { resistanceOhm: 0.1, reactanceOhm: 0.05 };
  return { nodeId, parentIndex, capacityKw, loadKw: series(loadKw), reactiveKvar: series(1), ...line };
}

function deviceOf(deviceId: string, own: { startCostEur: number; energyKwhMin: number; reboundRatio: number }) {
  return { deviceId, nodeIndex: 1, powerKwMax: Float64Array.of(2, 2), energyKwhMax: 1.5, priceEurPerKwh: 0.2, ...own };
}

const limitsBrokenBy = (powerKw: number[], other: Partial<DispatchProblem> = {}) =>
  checkPlan({ ...problem, ...other }, { powerKw: Float64Array.from(powerKw) }).breaches.map(({ limit }) => limit);

describe("checkPlan", () => {
  it("accepts a plan within every limit and adds up energy and start costs", () => {
    const check = checkPlan(problem, { powerKw: Float64Array.of(1, 1, 1, 1) });
    expect(check.breaches).toEqual([]);
    expect(check.costEur).toBeCloseTo(0.2 * 2 + 0.5);
  });

  it.each([
    ["a missed target", [1, 1, 1, 0.5], "target of step 1"],
    ["too much power", [0, 1, 2.5, 1], "power of lamp"],
    ["too much energy", [1, 1, 2, 2], "energy of lamp"],
    ["less than the least energy", [0.5, 0, 1.5, 1.5], "least energy of heater"],
    ["the wrong direction", [1.5, 1.5, -0.5, 1.5], "direction of lamp"],
    ["power that is no number", [Number.NaN, 1, 2, 1], "direction of heater"],
  ])("finds %s", (_, powerKw, limit) => {
    expect(limitsBrokenBy(powerKw)).toContain(limit);
  });

  it("counts the rebound against the branch, and only that of reductions", () => {
    const [source, node] = problem.nodes;
    if (source === undefined || node === undefined) throw new Error("the problem has two nodes");
    const narrow = (capacityKw: number) => ({ nodes: [source, { ...node, capacityKw }] });
    // The heater draws 1 kWh later, within one step of half an hour: 2 kW on top of 6 kW.
    expect(limitsBrokenBy([1, 1, 1, 1], narrow(8))).toEqual([]);
    expect(limitsBrokenBy([1, 1, 1, 1], narrow(7.9))).toEqual(["flow into A in step 3"]);
    expect(limitsBrokenBy([1, 1, 1, 1], { ...narrow(7.9), direction: "increase" })).toEqual([
      "flow into A in step 1",
      "flow into A in step 2",
    ]);
  });

  it("holds the squared voltage in its band", () => {
    // 4 kW and 1 kvar over 0.1 and 0.05 ohm at 0.4 kV: 2/160 * 0.45 = 0.005625 below 1; 0.010625 with the rebound.
    const voltage = { sourcePu: 1, minPu: Math.sqrt(1 - 0.0107), maxPu: 1.1, baseKv: 0.4 };
    expect(limitsBrokenBy([1, 1, 1, 1], { voltage })).toEqual([]);
    const tighter = { ...voltage, minPu: Math.sqrt(1 - 0.0105) };
    expect(limitsBrokenBy([1, 1, 1, 1], { voltage: tighter })).toEqual(["voltage at A in step 3"]);
  });

  it("allows what is within the tolerance", () => {
    expect(limitsBrokenBy([1, 1, 1, 1 - 1e-4])).toEqual([]);
    expect(limitsBrokenBy([1, 1, 1, 1 - 3e-4])).toEqual(["target of step 1"]);
  });
});
