/**
 * An independent judge of dispatch plans. It walks the tree step by step from the statement of the problem and shares
 * nothing with the rows, bounds and models that the solvers use, so that a fault there cannot hide here.
 */
import type { DispatchDevice, DispatchPlan, DispatchProblem } from "./dispatch-problem.ts";

/** One limit that a plan breaks, by how much in the limit's own unit (kWh, kW, or squared voltage in pu). */
export type PlanBreach = { readonly limit: string; readonly excess: number };

/** Computed from the problem alone, by none of the code that found the plan. */
export type PlanCheck = {
  /** Beyond the tolerance, largest first. */
  readonly breaches: readonly PlanBreach[];
  /** The largest excess over any limit, also below the tolerance; zero when all hold exactly. */
  readonly excessMax: number;
  readonly costEur: number;
};

/** Energy below which a device counts as not called. */
const CALLED_KWH_MIN = 1e-6;

/** Judges every limit of the problem; the plan is feasible when there are no breaches. */
export function checkPlan(problem: DispatchProblem, plan: DispatchPlan, tolerance = 1e-4): PlanCheck {
  const excesses = [
    ...targetExcesses(problem, plan),
    ...problem.devices.flatMap((device, index) => deviceExcesses(problem, device, callOf(problem, plan, index))),
    ...gridExcesses(problem, plan),
  ];
  const breaches = excesses.filter(({ excess }) => !(excess <= tolerance)).sort((a, b) => b.excess - a.excess);
  const excessMax = excesses.reduce((most, { excess }) => Math.max(most, excess), 0);
  return { breaches, excessMax, costEur: costOf(problem, plan) };
}

function callOf(problem: DispatchProblem, { powerKw }: DispatchPlan, device: number): Float64Array {
  const width = problem.eventEnd - problem.eventStart;
  return powerKw.subarray(device * width, (device + 1) * width);
}

function energyKwh({ stepHours }: DispatchProblem, call: Float64Array): number {
  return call.reduce((sum, kw) => sum + kw * stepHours, 0);
}

function costOf(problem: DispatchProblem, plan: DispatchPlan): number {
  return problem.devices.reduce((costEur, device, index) => {
    const calledKwh = energyKwh(problem, callOf(problem, plan, index));
    const startEur = calledKwh > CALLED_KWH_MIN ? device.startCostEur : 0;
    return costEur + device.priceEurPerKwh * calledKwh + startEur;
  }, 0);
}

function targetExcesses(problem: DispatchProblem, plan: DispatchPlan): PlanBreach[] {
  return [...problem.targetKwh].map((targetKwh, step) => {
    const givenKwh = problem.devices.reduce(
      (sum, { countedShare = 1 }, index) =>
        sum + countedShare * (callOf(problem, plan, index)[step] ?? Number.NaN) * problem.stepHours,
      0,
    );
    return { limit: `target of step ${step}`, excess: targetKwh - givenKwh };
  });
}

function deviceExcesses(problem: DispatchProblem, device: DispatchDevice, call: Float64Array): PlanBreach[] {
  const calledKwh = energyKwh(problem, call);
  const named = (what: string, excess: number) => ({ limit: `${what} of ${device.deviceId}`, excess });
  const short = calledKwh > CALLED_KWH_MIN ? device.energyKwhMin - calledKwh : 0;
  return [
    ...[...call].flatMap((kw, step) => [
      named("power", kw - (device.powerKwMax[step] ?? 0)),
      named("direction", Number.isNaN(kw) ? Number.POSITIVE_INFINITY : -kw),
    ]),
    named("energy", calledKwh - device.energyKwhMax),
    named("least energy", short),
  ];
}

/** Flows and voltages of every step from the event's first to the rebound's last. */
function gridExcesses(problem: DispatchProblem, plan: DispatchPlan): PlanBreach[] {
  const occupied = nodesAboveDevices(problem);
  const last = problem.eventEnd + problem.reboundSteps;
  const steps = Array.from({ length: last - problem.eventStart }, (_, offset) => problem.eventStart + offset);
  return steps.flatMap((step) => {
    const flowsKw = flowsIn(problem, step, effectsKw(problem, plan, step));
    const flowBreaches = problem.nodes.flatMap(({ nodeId, capacityKw }, index) =>
      occupied.has(index)
        ? [{ limit: `flow into ${nodeId} in step ${step}`, excess: Math.abs(flowsKw[index] ?? 0) - capacityKw }]
        : [],
    );
    return [...flowBreaches, ...voltageExcesses(problem, step, flowsKw)];
  });
}

function nodesAboveDevices({ nodes, devices }: DispatchProblem): Set<number> {
  const found = new Set<number>();
  for (const { nodeIndex } of devices) {
    for (let at = nodeIndex; at >= 0; at = nodes[at]?.parentIndex ?? -1) found.add(at);
  }
  return found;
}

function effectsKw(problem: DispatchProblem, plan: DispatchPlan, step: number): number[] {
  const effects = problem.nodes.map(() => 0);
  for (const [index, device] of problem.devices.entries()) {
    const call = callOf(problem, plan, index);
    const isReduction = problem.direction === "reduce";
    const drawnLater = isReduction ? device.reboundRatio * call.reduce((sum, kw) => sum + kw, 0) : 0;
    const now = call[step - problem.eventStart] ?? 0;
    const during = isReduction ? -now : now;
    const effect = step < problem.eventEnd ? during : drawnLater / problem.reboundSteps;
    effects[device.nodeIndex] = (effects[device.nodeIndex] ?? 0) + effect;
  }
  return effects;
}

function flowsIn({ nodes }: DispatchProblem, step: number, effects: readonly number[]): number[] {
  const flows = nodes.map(({ loadKw }, index) => (loadKw[step] ?? 0) + (effects[index] ?? 0));
  for (const [index, { parentIndex }] of [...nodes.entries()].reverse()) {
    if (parentIndex >= 0) flows[parentIndex] = (flows[parentIndex] ?? 0) + (flows[index] ?? 0);
  }
  return flows;
}

function voltageExcesses(problem: DispatchProblem, step: number, flowsKw: readonly number[]): PlanBreach[] {
  const { nodes, voltage } = problem;
  if (voltage === undefined) return [];
  const reactive = nodes.map(({ reactiveKvar }) => reactiveKvar[step] ?? 0);
  for (const [index, { parentIndex }] of [...nodes.entries()].reverse()) {
    if (parentIndex >= 0) reactive[parentIndex] = (reactive[parentIndex] ?? 0) + (reactive[index] ?? 0);
  }
  const { sourcePu, minPu, maxPu, baseKv } = voltage;
  const squared: number[] = [];
  return nodes.map(({ nodeId, parentIndex, resistanceOhm, reactanceOhm }, index) => {
    const ohmKw = resistanceOhm * (flowsKw[index] ?? 0) + reactanceOhm * (reactive[index] ?? 0);
    const here = (squared[parentIndex] ?? sourcePu * sourcePu) - (2 * ohmKw) / (baseKv * baseKv * 1000);
    squared[index] = here;
    const excess = Math.max(minPu * minPu - here, here - maxPu * maxPu);
    return { limit: `voltage at ${nodeId} in step ${step}`, excess };
  });
}
