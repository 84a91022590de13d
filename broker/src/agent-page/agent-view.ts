/** What the page of a virtual node shows: its forecast against what is metered, its agent states, its choices. */

import { availabilityPerMille, beliefOf, type CallShare, callShares, type ProsumerState } from "@gridpact/flexibility";
import type { DisputeCounts } from "@gridpact/ledger";
import type { ClusterGuidance, ImportForecast } from "@gridpact/proto";
import {
  balanceReport,
  type ChoiceRecord,
  keptPerMille,
  type ProsumerExplanation,
  type VnAgent,
} from "../agent/index.ts";
import { HOUR_MS } from "../time-spans.ts";
import type { WindowView } from "../window/index.ts";

/** Metered power that is shown before a forecast begins. */
const SHOWN_BEFORE_MS = 6 * HOUR_MS;

/** Events on the page of a prosumer; older ones are asked for by their ids. */
const EXPLAINED_MAX = 8;

/** Mean import of one market time unit, W. */
export type MeteredPower = { startUnixMs: number; importW: number };

/** A forecast beside what was metered until now; null is what it does not say, `mase` where nothing was judged. */
export type ForecastView = {
  issuedAtUnixMs: number | null;
  modelVersion: string | null;
  mase: number | null;
  flags: readonly string[];
  forecast: ImportForecast;
  metered: MeteredPower[];
};

/** A line of the table of prosumers; what can be changed is that of the present hour. */
export type ProsumerLine = {
  prosumerId: string;
  expectedPerMille: number;
  lowerPerMille: number;
  upperPerMille: number;
  availablePerMille: number;
  reduceW: number;
  increaseW: number;
  responseLagMs: number;
  reboundPerMille: number;
  wattPerKelvin: number | null;
  dayCount: number;
  calls: CallShare;
};

/** All that the page's first view shows, as `GET /api/v1/agent` answers it; money is decimal text. */
export type AgentView = {
  vnId: string;
  nowUnixMs: number;
  outlook: ForecastView | null;
  prosumers: ProsumerLine[];
  /** Null before the aggregator has answered. */
  clusters: ClusterGuidance | null;
  /** Null before anything was balanced. */
  balance: BalanceView | null;
  /** Newest first. */
  choices: ChoiceLine[];
};

/** The node's own balance on its newest day, with and without; energies in Wh. */
export type BalanceView = {
  surplusWh: number;
  keptPerMille: number;
  unmovedKeptPerMille: number;
  sharedWh: number;
  peakW: number;
  unmovedPeakW: number;
};

/** Energy that a prosumer shared at its feeder ever, Wh, and what that which it got is worth; decimal text. */
export type SharedView = { givenWh: string; takenWh: string; takenMicro: string };

/** A choice with its worth in micro-currency as decimal text; null until delivery is known. */
export type ChoiceLine = {
  requestId: string;
  eventId: string;
  decidedAtUnixMs: number;
  /** By whom: `optimised`, `confirmed` or `fallback`; null for one of a version that chose greedily only. */
  way: string | null;
  actualMicro: string | null;
  greedyMicro: string | null;
  clairvoyantMicro: string | null;
};

/** One prosumer, as `GET /api/v1/prosumers/:id` answers it; energy and money in it become decimal text. */
export type ProsumerView = {
  state: ProsumerState;
  line: ProsumerLine;
  forecast: ForecastView | null;
  /** Null for who shared nothing. */
  shared: SharedView | null;
  explanations: ProsumerExplanation[];
};

/** What page and metrics are read from at each request; nothing is kept between two of them. */
export type AgentViewModules = {
  vnId: string;
  agent: Pick<
    VnAgent,
    | "prosumers"
    | "forecasts"
    | "choices"
    | "explain"
    | "events"
    | "failedSteps"
    | "moves"
    | "forgottenProsumers"
    | "planningDevices"
    | "clusterGuidance"
    | "balance"
  >;
  /** Counts of the node's dispute keeper. */
  disputes: () => Pick<DisputeCounts, "waiting" | "opened">;
  windows: Pick<WindowView, "feeders" | "sum">;
  /** Net import of a device in each market time unit of a span, W; null where a boundary has no reading. */
  meteredOf: (deviceId: string, fromUnixMs: number, toUnixMs: number) => Promise<(number | null)[]>;
  nowUnixMs: () => number;
  mtuMs: number;
};

/** The present state: cheap enough for a page that asks every few seconds, and for each metric of a scrape. */
export function agentView(modules: AgentViewModules): AgentView {
  const { vnId, agent } = modules;
  const nowUnixMs = modules.nowUnixMs();
  const { outlook } = agent.forecasts();
  return {
    vnId,
    nowUnixMs,
    outlook: outlook === undefined ? null : { ...outlook, metered: meteredByNode(outlook.forecast, modules) },
    prosumers: prosumerLines(agent.prosumers(), nowUnixMs),
    clusters: agent.clusterGuidance() ?? null,
    balance: balanceView(modules),
    choices: [...agent.choices()].reverse().map(({ value, way, ...choice }) => ({
      ...choice,
      way: way ?? null,
      actualMicro: value?.actualMicro.toString() ?? null,
      greedyMicro: value?.greedyMicro.toString() ?? null,
      clairvoyantMicro: value?.clairvoyantMicro.toString() ?? null,
    })),
  };
}

/** Undefined for a prosumer that the node does not know. */
export async function prosumerView(prosumerId: string, modules: AgentViewModules): Promise<ProsumerView | undefined> {
  const { agent } = modules;
  const nowUnixMs = modules.nowUnixMs();
  const states = agent.prosumers();
  const state = states.find((each) => each.prosumerId === prosumerId);
  const line = prosumerLines(states, nowUnixMs).find((each) => each.prosumerId === prosumerId);
  if (state === undefined || line === undefined) return undefined;
  const explanations: ProsumerExplanation[] = [];
  for (const { requestId } of [...agent.choices()].reverse().slice(0, EXPLAINED_MAX)) {
    const explained = await agent.explain(requestId);
    explanations.push(...(explained?.explanations.filter(({ deviceId }) => deviceId === prosumerId) ?? []));
  }
  const shared = sharedView(prosumerId, modules);
  return { state, line, forecast: await prosumerForecast(prosumerId, modules), shared, explanations };
}

function balanceView({ agent, mtuMs }: AgentViewModules): BalanceView | null {
  const report = balanceReport(agent.balance().units(), mtuMs);
  if (report === undefined) return null;
  const { surplusWh, keptWh, unmovedKeptWh, sharedWh, peakW, unmovedPeakW } = report.figures;
  return {
    surplusWh: Number(surplusWh),
    keptPerMille: keptPerMille(keptWh, surplusWh),
    unmovedKeptPerMille: keptPerMille(unmovedKeptWh, surplusWh),
    sharedWh: Number(sharedWh),
    peakW,
    unmovedPeakW,
  };
}

function sharedView(prosumerId: string, { agent, mtuMs }: AgentViewModules): SharedView | null {
  const accounts = balanceReport(agent.balance().units(), mtuMs)?.accounts ?? [];
  const account = accounts.find(({ deviceId }) => deviceId === prosumerId);
  if (account === undefined) return null;
  const { givenWh, takenWh, takenMicro } = account;
  return { givenWh: String(givenWh), takenWh: String(takenWh), takenMicro: String(takenMicro) };
}

/** Undefined for a choice that is not kept. */
export async function choiceView(
  requestId: string,
  { agent }: AgentViewModules,
): Promise<{ record: Omit<ChoiceRecord, "candidates">; explanations: ProsumerExplanation[] } | undefined> {
  const explained = await agent.explain(requestId);
  if (explained === undefined) return undefined;
  const { candidates: _, ...record } = explained.record;
  return { record, explanations: explained.explanations };
}

function prosumerLines(states: readonly ProsumerState[], nowUnixMs: number): ProsumerLine[] {
  const shares = callShares(states);
  const hour = new Date(nowUnixMs).getUTCHours();
  return states.map((state, index) => {
    const { mean, lower, upper } = beliefOf(state.reliability);
    const [expectedPerMille = 0, lowerPerMille = 0, upperPerMille = 0] = [mean, lower, upper].map(perMille);
    return {
      prosumerId: state.prosumerId,
      expectedPerMille,
      lowerPerMille,
      upperPerMille,
      availablePerMille: availabilityPerMille(state, hour),
      reduceW: state.hours[hour]?.reduceW ?? 0,
      increaseW: state.hours[hour]?.increaseW ?? 0,
      responseLagMs: Math.round(state.responseLagMs.value),
      reboundPerMille: Math.round(state.reboundPerMille.value),
      wattPerKelvin: state.profile?.wattPerKelvin ?? null,
      dayCount: state.profile?.dayCount ?? 0,
      calls: shares[index] as CallShare,
    };
  });
}

async function prosumerForecast(prosumerId: string, modules: AgentViewModules): Promise<ForecastView | null> {
  const found = modules.agent.forecasts().prosumers.find(({ deviceId }) => deviceId === prosumerId);
  if (found === undefined) return null;
  const { mtuMs } = modules;
  const fromUnixMs = found.forecast.startUnixMs - SHOWN_BEFORE_MS;
  const toUnixMs = Math.floor(modules.nowUnixMs() / mtuMs) * mtuMs;
  const powers = toUnixMs > fromUnixMs ? await modules.meteredOf(prosumerId, fromUnixMs, toUnixMs) : [];
  const metered = powers.flatMap((importW, unit) =>
    importW === null ? [] : [{ startUnixMs: fromUnixMs + unit * mtuMs, importW }],
  );
  return { issuedAtUnixMs: null, modelVersion: null, ...found, metered };
}

/** Sums of all feeders in each unit that is over. */
function meteredByNode(
  { startUnixMs }: ImportForecast,
  { windows, nowUnixMs, mtuMs }: AgentViewModules,
): MeteredPower[] {
  const feeders = windows.feeders();
  const metered: MeteredPower[] = [];
  for (let start = startUnixMs - SHOWN_BEFORE_MS; start + mtuMs <= nowUnixMs(); start += mtuMs) {
    const sums = feeders.flatMap((feeder) => windows.sum(start, feeder) ?? []);
    if (sums.length === 0) continue;
    const wh = sums.reduce((total, { importWh, exportWh }) => total + Number(importWh) - Number(exportWh), 0);
    metered.push({ startUnixMs: start, importW: Math.round((wh * HOUR_MS) / mtuMs) });
  }
  return metered;
}

function perMille(share: number): number {
  return Math.round(share * 1_000);
}
