/**
 * A request to a node as a dispatch problem: which devices, with how much in which interval.
 *
 *      everything        one more node on top: what may be ordered altogether
 *       |      \
 *      grid    feeders   the grid where it is known, else the limits of feeders
 *       |        |
 *      devices  devices
 *
 * A limit on change alone, without any load, is a branch whose own load leaves exactly that much room.
 */
import type { DispatchDevice, DispatchNode, DispatchProblem, VoltageBand } from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import { smaller, sumOf } from "@gridpact/settlement";
import { HOUR_MS } from "../../time-spans.ts";
import { type CallableOffer, orderedWhMax, shortfallMicroPerWh, targetWh } from "./calling-costs.ts";
import type { ChoiceRules, DispatchRules, SupplyGrid } from "./choice-rules.ts";

const WH_PER_KWH = 1_000;
const MICRO = 1_000_000;
const MILLE = 1_000;

/** `dispatch` is `rules.dispatch`, which records of versions that chose greedily only leave out: here it is there. */
export type NodeRequest = { request: DrRequest; rules: ChoiceRules; dispatch: DispatchRules };

/** The problem, with one device for each offer, in their order. */
export function nodeProblem(offers: readonly CallableOffer[], asked: NodeRequest): DispatchProblem {
  const { request, dispatch } = asked;
  const { intervals } = request;
  const width = intervals.length;
  const [first] = intervals;
  const stepHours = first === undefined ? 1 : (first.endUnixMs - first.startUnixMs) / HOUR_MS;
  const steps = { width, count: width + dispatch.reboundUnits, stepHours };
  const placed = dispatch.grid === null ? feederNodes(offers, asked, steps) : gridNodes(offers, dispatch, steps);
  return {
    direction: "reduce",
    stepHours,
    eventStart: 0,
    eventEnd: width,
    reboundSteps: dispatch.reboundUnits,
    targetKwh: kwhOf(targetWh(request)),
    nodes: [everything(placed.nodes, asked, steps), ...placed.nodes],
    devices: offers.map((offer, index) => deviceOf(offer, placed.nodeIndices[index] ?? 0, { dispatch, stepHours })),
    // Missing Wh are a risk like others, not the end of the world: a node that cannot serve a request says so.
    shortfallEurPerKwh: Number(shortfallMicroPerWh(request)) / WH_PER_KWH,
    ...(dispatch.grid?.voltage && { voltage: bandOf(dispatch.grid.voltage) }),
  };
}

function deviceOf(
  offer: CallableOffer,
  nodeIndex: number,
  { dispatch, stepHours }: { dispatch: DispatchRules; stepHours: number },
): DispatchDevice {
  const { deviceId, intervalLimitWh, energyLimitWh, reboundPerMille, countedPerMille, costMicroPerKwh } = offer;
  const togetherWh = sumOf(intervalLimitWh);
  return {
    deviceId,
    nodeIndex,
    powerKwMax: kwhOf(intervalLimitWh).map((kwh) => kwh / stepHours),
    energyKwhMax: kwh(energyLimitWh === null ? togetherWh : smaller(energyLimitWh, togetherWh)),
    energyKwhMin: kwh(dispatch.contractLeastWh),
    priceEurPerKwh: Number(costMicroPerKwh) / MICRO,
    startCostEur: Number(dispatch.contractCostMicro) / MICRO,
    reboundRatio: reboundPerMille / MILLE,
    countedShare: Number(countedPerMille) / MILLE,
  };
}

function bandOf({
  nominalV,
  sourcePerMille,
  minPerMille,
  maxPerMille,
}: NonNullable<SupplyGrid["voltage"]>): VoltageBand {
  const [sourcePu, minPu, maxPu] = [sourcePerMille / MILLE, minPerMille / MILLE, maxPerMille / MILLE];
  return { sourcePu, minPu, maxPu, baseKv: nominalV / MILLE };
}

type Steps = { width: number; count: number; stepHours: number };

/** Nodes below the one on top, whose index is 0, and the node of each offer. */
type Placed = { nodes: DispatchNode[]; nodeIndices: number[] };

/** Each limited feeder is a branch of its own below the top; the devices of others hang at the top. */
function feederNodes(offers: readonly CallableOffer[], { rules }: NodeRequest, steps: Steps): Placed {
  const nodes = rules.limits.map(({ elementId, limitWh }) => ({
    ...branch(elementId, 0),
    ...roomFor(
      Array.from(kwhOf(limitWh), (each) => each / steps.stepHours),
      steps,
    ),
    reactiveKvar: new Float64Array(steps.count),
  }));
  const indices = new Map(nodes.map(({ nodeId }, index) => [nodeId, index + 1]));
  return { nodes, nodeIndices: offers.map(({ feeder }) => indices.get(feeder) ?? 0) };
}

/** The grid with what is expected to be drawn in it by the devices that the node knows of. */
function gridNodes(offers: readonly CallableOffer[], { grid }: DispatchRules, steps: Steps): Placed {
  const { nodes: known = [], nodeIndexOf = {} } = grid ?? {};
  const nodes = known.map(({ nodeId, parentIndex, capacityW, resistanceMicroOhm, reactanceMicroOhm }) => ({
    ...branch(nodeId, parentIndex + 1),
    capacityKw: capacityW === null ? Number.POSITIVE_INFINITY : capacityW / WH_PER_KWH,
    loadKw: new Float64Array(steps.count),
    reactiveKvar: new Float64Array(steps.count),
    resistanceOhm: resistanceMicroOhm / MICRO,
    reactanceOhm: reactanceMicroOhm / MICRO,
  }));
  const nodeIndices = offers.map(({ deviceId }) => (nodeIndexOf[deviceId] ?? 0) + 1);
  offers.forEach(({ forecastWh, afterWh }, index) => {
    const { loadKw } = nodes[(nodeIndices[index] ?? 0) - 1] ?? {};
    kwhOf([...forecastWh, ...afterWh]).forEach((each, step) => {
      if (loadKw !== undefined && step < loadKw.length) loadKw[step] = (loadKw[step] ?? 0) + each / steps.stepHours;
    });
  });
  return { nodes, nodeIndices };
}

/** The node on top: so much may be ordered altogether. */
function everything(below: readonly DispatchNode[], { request, rules }: NodeRequest, steps: Steps): DispatchNode {
  const mostKwh = kwhOf(orderedWhMax(request, rules.lossPerMilleMax));
  const room = roomFor(
    Array.from(mostKwh, (each) => each / steps.stepHours),
    steps,
  );
  // What flows below is taken off again: this branch sees changes alone.
  const loadKw = room.loadKw.map((kw, step) => kw - below.reduce((sum, each) => sum + (each.loadKw[step] ?? 0), 0));
  return {
    ...branch("everything", -1),
    capacityKw: room.capacityKw,
    loadKw,
    reactiveKvar: new Float64Array(steps.count),
  };
}

function branch(nodeId: string, parentIndex: number) {
  return { nodeId, parentIndex, resistanceOhm: 0, reactanceOhm: 0 };
}

/** So wide that nothing but the room counts: twice the room in every step, drawn later, does not reach it. */
function roomFor(roomKw: readonly number[], { width, count }: Steps): { capacityKw: number; loadKw: Float64Array } {
  const capacityKw = 2 * (width + 1) * Math.max(1, ...roomKw);
  const loadKw = new Float64Array(count);
  roomKw.forEach((kw, step) => {
    loadKw[step] = kw - capacityKw;
  });
  return { capacityKw, loadKw };
}

function kwhOf(amountsWh: readonly bigint[]): Float64Array {
  return Float64Array.from(amountsWh, kwh);
}

function kwh(amountWh: bigint): number {
  return Number(amountWh) / WH_PER_KWH;
}
