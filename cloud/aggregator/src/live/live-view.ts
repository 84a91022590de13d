/** What the live page shows: one JSON document, made of memory only, so that any number of viewers cost nothing. */
import type { ImportForecast } from "@gridpact/proto";
import type { MoneyTotals } from "@gridpact/settlement";
import { smaller, sumOf } from "@gridpact/settlement";
import type { ClusterPlan } from "../clusters/index.ts";
import type { Recommendation } from "../dss/index.ts";
import {
  type DrEvent,
  type EventPhase,
  type EventResult,
  eventStartUnixMs,
  intervalIndexAt,
  type PlacedRequest,
  phaseOf,
  type RequestRole,
  type RequestState,
} from "../event/index.ts";
import type { MoveView } from "../moves/index.ts";
import type { VirtualNode } from "../registry/index.ts";
import type { DeviceProgress } from "./contract-watch.ts";
import type { PowerSample } from "./power-history.ts";

/** The document that `/api/v1/live` sends; `page/live.js` reads it, and metrics do. */
export type LiveView = {
  nowUnixMs: number;
  /** Null until the ledger was heard of, and while it does not answer. */
  ledger: { height: number; headHashHex: string } | null;
  virtualNodes: LiveVirtualNode[];
  /** Newest first. */
  events: LiveEvent[];
  clusters: LiveClusters | null;
  /** Sum over the completed events. */
  money: MoneyTotals;
};

/** What is proposed of clusters; initial ones by their size only. */
export type LiveClusters = {
  plannedAtUnixMs: number;
  nodes: { vnId: string; members: number }[];
  initial: { feeder: string; members: number }[];
  unplaced: number;
  /** Proposed ones, and the newest approved. */
  moves: MoveView[];
  expectedErrorPerMille: number;
  movedErrorPerMille: number;
  reasons: string[];
};

/** Powers in W, 0 before the first heartbeat. */
export type LiveVirtualNode = {
  vnId: string;
  isAlive: boolean;
  feidCount: number;
  importW: number;
  reduceWMax: number;
  reliabilityPerMille: number;
  priceMicroPerWh: bigint;
  powerHistory: PowerSample[];
  /** What the node expects to import; null before it has said so. */
  forecast: ImportForecast | null;
};

/** An event without the inputs of its decision, which are megabytes and have an address of their own. */
export type LiveEvent = {
  eventId: string;
  phase: EventPhase;
  startUnixMs: number;
  intervals: LiveInterval[];
  /** What each strategy was expected to bring, and why one was recommended. */
  recommendation: Recommendation;
  requests: LiveRequest[];
  devices: DeviceProgress[];
  result: EventResult | null;
};

/** `deliveredWh` is null until some node reported the interval; it counts up to what was requested. */
export type LiveInterval = { startUnixMs: number; endUnixMs: number; requestedWh: bigint; deliveredWh: bigint | null };

/**
 * Energies are sums over the request's intervals; `deliveredWh` is the node's own word until the contract is settled.
 */
export type LiveRequest = {
  requestId: string;
  vnId: string;
  role: RequestRole;
  state: RequestState;
  reason: string;
  orderedWh: bigint;
  nominatedWh: bigint;
  deliveredWh: bigint;
};

/** Events on the page; older ones are in the API. */
const EVENTS_SHOWN_MAX = 8;

/** Moves on the page: proposed ones are a handful, and older ones are in the API. */
const MOVES_SHOWN_MAX = 32;

/** All in memory: a view is made each second while anybody looks, and several times for each scrape of the metrics. */
export type LiveSources = {
  nowUnixMs: number;
  aliveMsMax: number;
  ledger: LiveView["ledger"];
  nodes: readonly VirtualNode[];
  events: readonly DrEvent[];
  clusters: Pick<LiveClusters, "nodes" | "moves"> & { newest: ClusterPlan | null };
  powerHistoryOf: (vnId: string) => PowerSample[];
  devicesOf: (eventId: string) => DeviceProgress[];
};

/** Makes the view from its sources alone: neither ledger nor disk is asked. */
export function liveView(sources: LiveSources): LiveView {
  const { nowUnixMs, events } = sources;
  return {
    nowUnixMs,
    ledger: sources.ledger,
    virtualNodes: sources.nodes.map((node) => liveVirtualNode(node, sources)),
    events: newestEvents(events).map((event) => liveEvent(event, sources)),
    clusters: liveClusters(sources.clusters),
    money: sumMoney(events),
  };
}

function liveClusters({ nodes, newest, moves: all }: LiveSources["clusters"]): LiveClusters | null {
  if (newest === null) return null;
  const { plannedAtUnixMs, initial, expectedErrorPerMille, movedErrorPerMille, reasons } = newest;
  const moves = all.slice(0, MOVES_SHOWN_MAX);
  const clusters = initial.clusters.map(({ feeder, prosumerIds }) => ({ feeder, members: prosumerIds.length }));
  const formed = { initial: clusters, unplaced: initial.unplacedIds.length };
  return { plannedAtUnixMs, nodes, ...formed, moves, expectedErrorPerMille, movedErrorPerMille, reasons };
}

/** The events on the page, newest first. */
export function newestEvents(events: readonly DrEvent[]): DrEvent[] {
  const newestFirst = [...events].sort((left, right) => eventStartUnixMs(right.plan) - eventStartUnixMs(left.plan));
  return newestFirst.slice(0, EVENTS_SHOWN_MAX);
}

function liveVirtualNode(node: VirtualNode, { nowUnixMs, aliveMsMax, powerHistoryOf }: LiveSources): LiveVirtualNode {
  const { vnId, heartbeat, reliabilityPerMille, priceMicroPerWh } = node;
  return {
    vnId,
    isAlive: heartbeat !== null && nowUnixMs - heartbeat.atUnixMs <= aliveMsMax,
    feidCount: heartbeat?.profile.feidCount ?? 0,
    importW: heartbeat?.profile.importW ?? 0,
    reduceWMax: heartbeat?.profile.reduceWMax ?? 0,
    reliabilityPerMille,
    priceMicroPerWh,
    powerHistory: powerHistoryOf(vnId),
    forecast: heartbeat?.profile.forecast ?? null,
  };
}

function liveEvent(event: DrEvent, { nowUnixMs, devicesOf }: LiveSources): LiveEvent {
  const { eventId, intervals, requestedWh } = event.plan;
  return {
    eventId,
    phase: phaseOf(event, nowUnixMs),
    startUnixMs: eventStartUnixMs(event.plan),
    intervals: intervals.map(({ startUnixMs, endUnixMs }, index) => {
      const wantedWh = requestedWh[index] ?? 0n;
      const reports = event.requests.flatMap((placed) => reportOf(placed, startUnixMs));
      const deliveredWh = smaller(wantedWh, sumOf(reports));
      return { startUnixMs, endUnixMs, requestedWh: wantedWh, deliveredWh: reports.length === 0 ? null : deliveredWh };
    }),
    recommendation: event.recommendation,
    requests: event.requests.map(liveRequest),
    devices: devicesOf(eventId),
    result: event.result,
  };
}

function reportOf({ request, reports }: PlacedRequest, startUnixMs: number): bigint[] {
  const index = intervalIndexAt(request, startUnixMs);
  return reports.filter((report) => report.intervalIndex === index).map((report) => report.deliveredWh);
}

function liveRequest({ request, role, state, reason, response, reports }: PlacedRequest): LiveRequest {
  return {
    requestId: request.requestId,
    vnId: request.vnId,
    role,
    state,
    reason,
    orderedWh: sumOf(request.orderedWh),
    nominatedWh: sumOf(response?.nominatedWh ?? []),
    deliveredWh: sumOf(reports.map((report) => report.deliveredWh)),
  };
}

function sumMoney(events: readonly DrEvent[]): MoneyTotals {
  const sum = { escrowedMicro: 0n, paidMicro: 0n, penaltyMicro: 0n, returnedMicro: 0n };
  for (const { result } of events) {
    if (result === null) continue;
    sum.escrowedMicro += result.money.escrowedMicro;
    sum.paidMicro += result.money.paidMicro;
    sum.penaltyMicro += result.money.penaltyMicro;
    sum.returnedMicro += result.money.returnedMicro;
  }
  return sum;
}
