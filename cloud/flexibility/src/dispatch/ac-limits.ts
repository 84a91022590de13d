/**
 * The limits of a dispatch problem under AC power flow. The linear model leaves out losses, so at a binding limit the
 * true flow lies a little beyond it; `solveWithinAcLimits` takes that little off the limits and solves again.
 */
import { type AcFlow, solveAcFlow } from "../feeder/index.ts";
import { type DispatchPlan, type DispatchProblem, eventLength, type VoltageBand } from "./dispatch-problem.ts";
import { type DispatchAnswer, type DispatchOptions, solveDispatch } from "./solve-dispatch.ts";

/** How far a plan goes beyond the limits in the AC flow, over all steps from the event's start to the rebound's end. */
export type AcExcess = {
  /** By node, kW beyond the branch's limit; zero where it holds. */
  readonly flowKw: Float64Array;
  /** Voltage beyond the band, by node, below (positive) or above (negative), pu. */
  readonly voltagePu: Float64Array;
  /** Largest difference between linear and true voltage, pu; zero without impedances. */
  readonly linearErrorPu: number;
};

/** Power base of 1 MVA: an ohm is then one per unit at a base of 1 kV. */
const BASE_KW = 1000;

/** @throws InvalidInputError when the grid cannot carry the plan at all */
export function acExcess(problem: DispatchProblem, plan: DispatchPlan): AcExcess {
  const flowKw = new Float64Array(problem.nodes.length);
  const voltagePu = new Float64Array(problem.nodes.length);
  let linearErrorPu = 0;
  for (let step = problem.eventStart; step < problem.eventEnd + problem.reboundSteps; step += 1) {
    const effectKw = effectsIn(problem, plan, step);
    const flow = flowIn(problem, step, effectKw);
    collect(problem, flow, { flowKw, voltagePu });
    linearErrorPu = Math.max(linearErrorPu, linearError(problem, { step, effectKw, flow }));
  }
  return { flowKw, voltagePu, linearErrorPu };
}

function flowIn({ nodes, voltage }: DispatchProblem, step: number, effectKw: Float64Array): AcFlow {
  const baseKv = voltage?.baseKv ?? 0.4;
  return solveAcFlow(
    nodes.map(({ parentIndex, resistanceOhm, reactanceOhm }) => ({
      parentIndex,
      resistancePu: resistanceOhm / (baseKv * baseKv),
      reactancePu: reactanceOhm / (baseKv * baseKv),
    })),
    {
      sourcePu: voltage?.sourcePu ?? 1,
      activePu: nodes.map(({ loadKw }, at) => ((loadKw[step] ?? 0) + (effectKw[at] ?? 0)) / BASE_KW),
      reactivePu: nodes.map(({ reactiveKvar }) => (reactiveKvar[step] ?? 0) / BASE_KW),
    },
  );
}

/** By node, kW: what the calls change there in one step, rebound included. */
export function effectsIn(problem: DispatchProblem, { powerKw }: DispatchPlan, step: number): Float64Array {
  const width = eventLength(problem);
  const isReduction = problem.direction === "reduce";
  const effectKw = new Float64Array(problem.nodes.length);
  for (const [index, { nodeIndex, reboundRatio }] of problem.devices.entries()) {
    const call = powerKw.subarray(index * width, (index + 1) * width);
    const sumKw = call.reduce((sum, kw) => sum + kw, 0);
    const later = isReduction ? (reboundRatio * sumKw) / problem.reboundSteps : 0;
    const now = (isReduction ? -1 : 1) * (call[step - problem.eventStart] ?? 0);
    effectKw[nodeIndex] = (effectKw[nodeIndex] ?? 0) + (step < problem.eventEnd ? now : later);
  }
  return effectKw;
}

function collect(
  { nodes, voltage }: DispatchProblem,
  flow: AcFlow,
  { flowKw, voltagePu }: { flowKw: Float64Array; voltagePu: Float64Array },
): void {
  for (const [at, { capacityKw }] of nodes.entries()) {
    const excessKw = Math.abs(flow.activePu[at] ?? 0) * BASE_KW - capacityKw;
    flowKw[at] = Math.max(flowKw[at] ?? 0, excessKw);
    const outside = voltage === undefined ? 0 : outsideBand(voltage, flow.voltagePu[at] ?? 0);
    if (Math.abs(outside) > Math.abs(voltagePu[at] ?? 0)) voltagePu[at] = outside;
  }
}

/** Positive below the band, negative above it, zero within. */
function outsideBand({ minPu, maxPu }: VoltageBand, voltagePu: number): number {
  if (voltagePu < minPu) return minPu - voltagePu;
  return voltagePu > maxPu ? maxPu - voltagePu : 0;
}

function linearError(
  { nodes, voltage }: DispatchProblem,
  { step, effectKw, flow }: { step: number; effectKw: Float64Array; flow: AcFlow },
): number {
  if (voltage === undefined) return 0;
  const active = nodes.map(({ loadKw }, at) => (loadKw[step] ?? 0) + (effectKw[at] ?? 0));
  const reactive = nodes.map(({ reactiveKvar }) => reactiveKvar[step] ?? 0);
  for (const [at, { parentIndex }] of [...nodes.entries()].reverse()) {
    if (parentIndex < 0) continue;
    active[parentIndex] = (active[parentIndex] ?? 0) + (active[at] ?? 0);
    reactive[parentIndex] = (reactive[parentIndex] ?? 0) + (reactive[at] ?? 0);
  }
  const squared: number[] = [];
  const errors = nodes.map(({ parentIndex, resistanceOhm, reactanceOhm }, at) => {
    const above = squared[parentIndex] ?? voltage.sourcePu * voltage.sourcePu;
    const ohmKw = resistanceOhm * (active[at] ?? 0) + reactanceOhm * (reactive[at] ?? 0);
    squared[at] = above - (2 * ohmKw) / (voltage.baseKv * voltage.baseKv * BASE_KW);
    return Math.abs(Math.sqrt(squared[at] ?? 0) - (flow.voltagePu[at] ?? 0));
  });
  return Math.max(...errors);
}

/** Losses change little with the plan, so what is taken off in one round mostly holds in the next. */
const ROUNDS_MAX = 6;

/** A limit gives way by a hundredth more than what was beyond it, so that the rounds end. */
const REACH = 1.01;

/** Slack that counts as kept: a watt, and a millionth of the voltage. */
const KEPT = { kw: 1e-3, pu: 1e-6 };

/** `boundEur` is that of the last linear problem, not of the AC one: it only says how well that was solved. */
export type AcAnswer = DispatchAnswer & { readonly excess: AcExcess; readonly rounds: number };

/**
 * The cheapest plan whose AC flow keeps the limits, as far as narrower linear limits find it; `excess` is what is left.
 */
export async function solveWithinAcLimits(problem: DispatchProblem, options: DispatchOptions): Promise<AcAnswer> {
  let narrowed = problem;
  for (let round = 1; ; round += 1) {
    const answer = await solveDispatch(narrowed, options);
    const excess = acExcess(problem, answer.plan);
    const isKept =
      excess.flowKw.every((kw) => kw <= KEPT.kw) && excess.voltagePu.every((pu) => Math.abs(pu) <= KEPT.pu);
    if (isKept || round === ROUNDS_MAX) return { ...answer, excess, rounds: round };
    narrowed = narrower(narrowed, excess);
  }
}

function narrower(problem: DispatchProblem, { flowKw, voltagePu }: AcExcess): DispatchProblem {
  const nodes = problem.nodes.map((node, at) => ({
    ...node,
    capacityKw: Math.max(0, node.capacityKw - REACH * (flowKw[at] ?? 0)),
  }));
  const { voltage } = problem;
  if (voltage === undefined) return { ...problem, nodes };
  const low = Math.max(0, ...voltagePu);
  const high = Math.max(0, ...voltagePu.map((pu) => -pu));
  const band = { ...voltage, minPu: voltage.minPu + REACH * low, maxPu: voltage.maxPu - REACH * high };
  return { ...problem, nodes, voltage: band };
}
