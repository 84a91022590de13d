import { expect, it } from "vitest";
import type { DispatchProblem } from "./dispatch-problem.ts";
import { loadSolver } from "./linear-model.ts";
import { networkRows } from "./network-rows.ts";
import { roundRelaxation } from "./round-relaxation.ts";
import { randomProblem } from "./test/random-problem.ts";

const WIDTH = 4;
const highs = await loadSolver();

/** Two devices of one kW that give all of an hour's energy or nothing, behind a branch with room for 1.1 of them. */
function allOrNothing(): DispatchProblem {
  const shape = { leafCount: 1, targetShare: 0.5, roomShare: 0.5, direction: "increase", isSwitched: true } as const;
  const problem = randomProblem({ ...shape, seed: 1, deviceCount: 2 });
  const devices = problem.devices.map((device) => ({
    ...device,
    powerKwMax: new Float64Array(WIDTH).fill(1),
    energyKwhMax: 1,
    energyKwhMin: 1,
  }));
  const nodes = problem.nodes.map((node) =>
    node.nodeId === "leaf0" ? { ...node, capacityKw: (node.loadKw[0] ?? 0) + 1.1 } : node,
  );
  return { ...problem, devices, nodes, targetKwh: new Float64Array(WIDTH).fill(0.25) };
}

it("calls what the relaxation calls by most, where calling all that it calls would break a limit", () => {
  const problem = allOrNothing();
  const powerKw = new Float64Array(2 * WIDTH).fill(1);
  powerKw.fill(0.05, WIDTH);
  const { plan, costEur } = roundRelaxation(highs, problem, networkRows(problem), { powerKw });
  expect(Number.isFinite(costEur)).toBe(true);
  expect([...plan.powerKw]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
});

it("calls what the relaxation calls by little, where nothing else reaches the targets", () => {
  const problem = allOrNothing();
  const powerKw = new Float64Array(2 * WIDTH);
  powerKw.fill(0.05, WIDTH);
  const { plan } = roundRelaxation(highs, problem, networkRows(problem), { powerKw });
  expect([...plan.powerKw]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});
