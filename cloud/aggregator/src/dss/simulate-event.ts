import type { SeededRandom } from "@gridpact/host";
import { larger, share, smaller, sumOf } from "@gridpact/settlement";
import { nextRequests, type Strategy } from "../decision/index.ts";
import { addRequests, type EventCourse, intervalIndexAt, type PlacedRequest } from "../event/index.ts";
import type { VirtualNode } from "../registry/index.ts";
import { drawDelivery } from "./draw-delivery.ts";
import type { WhatIfInputs } from "./what-if-inputs.ts";

/** One possible course of an event: energies in Wh, money in micro-currency. */
export type SimulatedEvent = {
  /** Counts up to what was requested in each interval. */
  deliveredWh: bigint;
  /** Payments of the aggregator, less the penalties that it gets. */
  costMicro: bigint;
  /** Caught up on after the event. */
  reboundWh: bigint;
  /** Null without an outlook; negative when what is caught up on is dirtier than what was left out. */
  avoidedCarbonGram: number | null;
  /** Value of the energy at the forecast market price, what is caught up on subtracted; null without an outlook. */
  marketValueMicro: bigint | null;
  /** Highest load of a node's connection after the event, per mille of what it may carry; null when none is stated. */
  connectionLoadPerMille: number | null;
  hasCalledFallback: boolean;
  /** Energy asked of each node that was called. */
  calledWh: Map<string, bigint>;
};

const MS_PER_HOUR = 3_600_000;

/** Over this long devices catch up: heat pumps and chargers bring back what was put off within two hours. */
const REBOUND_HOURS = 2n;

/**
 * Plays an event once. Nodes answer at once and nominate what they can reduce; each then delivers the share that was
 * drawn for it. Who is asked, and who is called in when others fall short, is decided by the code of the live event.
 * ```
 * now: place --answers--> interval 1: reports, place --> interval 2: reports, place --> ... --> money, rebound
 * ```
 */
export function simulateEvent(inputs: WhatIfInputs, strategy: Strategy, random: SeededRandom): SimulatedEvent {
  const { plan, nowUnixMs } = inputs;
  const nodes: NodesById = new Map(inputs.nodes.map((node) => [node.vnId, node]));
  // Luck is drawn in the order in which nodes are asked: two strategies differ by their nodes, not by their luck.
  const drawn: number[][] = [];
  const shareOf = (placed: PlacedRequest, call: number, interval: number) => {
    const node = nodes.get(placed.request.vnId);
    drawn[call] ??= node === undefined ? [] : drawDelivery(node, plan.intervals.length, random.fork(`call-${call}`));
    return drawn[call][interval] ?? 0;
  };
  let event = place({ plan, requests: [] }, { inputs, nodes, strategy, nowUnixMs });
  for (const [interval, { startUnixMs, endUnixMs }] of plan.intervals.entries()) {
    const requests = event.requests.map((placed, call) => {
      return reportInterval(placed, startUnixMs, shareOf(placed, call, interval));
    });
    event = place({ ...event, requests }, { inputs, nodes, strategy, nowUnixMs: endUnixMs });
  }
  return summarise(event, inputs, nodes);
}

type NodesById = ReadonlyMap<string, VirtualNode>;

function place(
  event: EventCourse,
  setting: { inputs: WhatIfInputs; nodes: NodesById; strategy: Strategy; nowUnixMs: number },
): EventCourse {
  const { inputs, nodes, strategy, nowUnixMs } = setting;
  const { options } = inputs;
  const alive = inputs.nodes.map((node) => heardOf(node, nowUnixMs));
  const { placed } = nextRequests(event, alive, { ...options, nowUnixMs, strategy });
  const answered = placed.map((each) => answer(each, nodes, options.mtuMs));
  return addRequests(event, answered);
}

/** Nodes that are silent at the decision are not among the inputs; the others go on to be heard of. */
function heardOf(node: VirtualNode, nowUnixMs: number): VirtualNode {
  return node.heartbeat === null ? node : { ...node, heartbeat: { ...node.heartbeat, atUnixMs: nowUnixMs } };
}

function answer(placed: PlacedRequest, nodes: NodesById, mtuMs: number): PlacedRequest {
  const node = nodes.get(placed.request.vnId);
  const capacityWh = BigInt(Math.floor(((node?.heartbeat?.profile.reduceWMax ?? 0) * mtuMs) / MS_PER_HOUR));
  const nominatedWh = placed.request.orderedWh.map((each) => smaller(each, capacityWh));
  const response = { isAccepted: true, nominatedWh, acceptanceProofHashHex: "", reason: "" };
  return { ...placed, state: "contracted", response };
}

function reportInterval(placed: PlacedRequest, startUnixMs: number, perMille: number): PlacedRequest {
  const intervalIndex = intervalIndexAt(placed.request, startUnixMs);
  if (intervalIndex < 0) return placed;
  const nominatedWh = placed.response?.nominatedWh[intervalIndex] ?? 0n;
  const deliveredWh = share(nominatedWh, perMille);
  const report = { intervalIndex, deliveredWh, shortfallWh: nominatedWh - deliveredWh };
  return { ...placed, reports: [...placed.reports, report] };
}

function summarise({ plan, requests }: EventCourse, inputs: WhatIfInputs, nodes: NodesById): SimulatedEvent {
  const perIntervalWh = plan.intervals.map(({ startUnixMs }) =>
    sumOf(requests.map((each) => deliveredAt(each, startUnixMs))),
  );
  const reboundWh = sumOf(requests.map((each) => reboundOf(each, nodes)));
  return {
    deliveredWh: sumOf(perIntervalWh.map((each, index) => smaller(each, plan.requestedWh[index] ?? 0n))),
    costMicro: sumOf(requests.map(costOf)),
    reboundWh,
    ...marketEffect(perIntervalWh, reboundWh, inputs),
    connectionLoadPerMille: connectionLoad(requests, nodes),
    hasCalledFallback: requests.some(({ role }) => role === "fallback"),
    calledWh: new Map(requests.map(({ request }) => [request.vnId, sumOf(request.orderedWh)])),
  };
}

function deliveredAt({ request, reports }: PlacedRequest, startUnixMs: number): bigint {
  const index = intervalIndexAt(request, startUnixMs);
  return reports.find(({ intervalIndex }) => intervalIndex === index)?.deliveredWh ?? 0n;
}

/** Price x delivered, less the penalty for what was nominated and did not come, up to the contract's cap. */
function costOf({ request, reports }: PlacedRequest): bigint {
  const deliveredWh = sumOf(reports.map((report) => report.deliveredWh));
  const deficientWh = sumOf(reports.map((report) => report.shortfallWh));
  const penaltyMicro = smaller(request.penaltyCapMicro, deficientWh * request.penaltyMicroPerWh);
  return deliveredWh * request.priceMicroPerWh - penaltyMicro;
}

function reboundOf({ request, reports }: PlacedRequest, nodes: NodesById): bigint {
  const reboundPerMille = nodes.get(request.vnId)?.heartbeat?.profile.reboundPerMille ?? 0;
  return share(sumOf(reports.map((report) => report.deliveredWh)), reboundPerMille);
}

/** g/kWh is mg/Wh, so energy in Wh times carbon in g/kWh is mg. */
function marketEffect(
  perIntervalWh: readonly bigint[],
  reboundWh: bigint,
  { outlook }: WhatIfInputs,
): Pick<SimulatedEvent, "avoidedCarbonGram" | "marketValueMicro"> {
  if (outlook === null) return { avoidedCarbonGram: null, marketValueMicro: null };
  const carbonMilligram = sumOf(
    perIntervalWh.map((each, index) => each * BigInt(outlook.carbonGramPerKwh[index] ?? 0)),
  );
  const valueMicro = sumOf(perIntervalWh.map((each, index) => each * (outlook.priceMicroPerWh[index] ?? 0n)));
  const caughtUpMilligram = reboundWh * BigInt(outlook.carbonAfterGramPerKwh);
  return {
    avoidedCarbonGram: Number((carbonMilligram - caughtUpMilligram) / 1_000n),
    marketValueMicro: valueMicro - reboundWh * outlook.priceAfterMicroPerWh,
  };
}

function connectionLoad(requests: readonly PlacedRequest[], nodes: NodesById): number | null {
  const loads = [...nodes.values()].flatMap((node) => {
    const { importWMax, heartbeat } = node;
    if (importWMax === null || heartbeat === null) return [];
    const own = requests.filter(({ request }) => request.vnId === node.vnId);
    const reboundW = sumOf(own.map((each) => reboundOf(each, nodes))) / REBOUND_HOURS;
    const importW = larger(0n, BigInt(heartbeat.profile.importW)) + reboundW;
    return [Number((importW * 1_000n) / BigInt(importWMax))];
  });
  return loads.length === 0 ? null : Math.max(...loads);
}
