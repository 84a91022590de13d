import type { DispatchDevice, DispatchDirection, DispatchNode, DispatchProblem } from "../dispatch-problem.ts";

export type ProblemShape = {
  readonly seed: number;
  readonly deviceCount: number;
  readonly leafCount: number;
  readonly direction: DispatchDirection;
  readonly isSwitched: boolean;
  /** Of the devices' power: how much of it is asked for in each step. */
  readonly targetShare: number;
  /** Room of a leaf's branch beyond its load, as share of its devices' power. */
  readonly roomShare: number;
};

const WIDTH = 4;
const STEPS = 8;

/** A tree root -> 2 feeders -> leaves with devices of mixed kinds; the same seed gives the same problem. */
export function randomProblem(shape: ProblemShape): DispatchProblem {
  const { deviceCount, leafCount, direction, targetShare } = shape;
  const draw = generatorOf(shape.seed);
  const devices = Array.from({ length: deviceCount }, (_, index) =>
    deviceOf(index, 3 + (index % leafCount), shape, draw),
  );
  const stepKw = Array.from({ length: WIDTH }, (_, k) =>
    devices.reduce((sum, { powerKwMax }) => sum + (powerKwMax[k] ?? 0), 0),
  );
  return {
    direction,
    stepHours: 0.25,
    eventStart: 1,
    eventEnd: 1 + WIDTH,
    reboundSteps: 2,
    targetKwh: Float64Array.from(stepKw, (kw) => 0.25 * kw * targetShare),
    nodes: nodesOf(shape, devices, draw),
    devices,
  };
}

function deviceOf(index: number, nodeIndex: number, { isSwitched }: ProblemShape, draw: () => number): DispatchDevice {
  const powerKwMax = Float64Array.from({ length: WIDTH }, () => 1 + 2 * draw());
  const energyKwhMax = 0.25 * powerKwMax.reduce((sum, kw) => sum + kw, 0) * (0.4 + 0.6 * draw());
  return {
    deviceId: `d${index}`,
    nodeIndex,
    powerKwMax,
    energyKwhMax,
    energyKwhMin: isSwitched ? energyKwhMax * 0.3 * draw() : 0,
    priceEurPerKwh: 0.05 + 0.3 * draw(),
    startCostEur: isSwitched ? 0.1 * draw() : 0,
    reboundRatio: index % 3 === 0 ? 0 : draw(),
  };
}

function nodesOf(
  { leafCount, roomShare }: ProblemShape,
  devices: DispatchDevice[],
  draw: () => number,
): DispatchNode[] {
  const node = (nodeId: string, parentIndex: number, capacityKw: number, loadKw: number): DispatchNode => ({
    nodeId,
    parentIndex,
    capacityKw,
    loadKw: new Float64Array(STEPS).fill(loadKw),
    reactiveKvar: new Float64Array(STEPS),
    resistanceOhm: 0.02,
    reactanceOhm: 0.01,
  });
  const leaves = Array.from({ length: leafCount }, (_, leaf) => {
    const mine = devices.filter(({ nodeIndex }) => nodeIndex === 3 + leaf);
    const room = roomShare * mine.reduce((sum, { powerKwMax }) => sum + (powerKwMax[0] ?? 0), 0);
    const loadKw = 2 + draw();
    return node(`leaf${leaf}`, 1 + (leaf % 2), loadKw + room, loadKw);
  });
  const infinite = Number.POSITIVE_INFINITY;
  return [node("root", -1, infinite, 0), node("f0", 0, infinite, 0), node("f1", 0, infinite, 0), ...leaves];
}

/** Numerical Recipes' linear congruential generator: enough for test data, and the same everywhere. */
function generatorOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
