import { Gauge, Registry } from "prom-client";
import type { EventDocument } from "../agent/index.ts";
import { type AgentView, type AgentViewModules, agentView } from "./agent-view.ts";
import { registerBalanceMetrics } from "./balance-metrics.ts";

const MICRO = 1_000_000;

/** What the metrics are read from. */
type Snapshot = { view: AgentView; modules: AgentViewModules };

type Definition = { name: string; help: string; read: (snapshot: Snapshot) => number };

/** All are gauges: they show states, and what was judged is kept over a restart. */
const gauge = (name: string, help: string, read: Definition["read"]): Definition => ({ name, help, read });

const METRICS: readonly Definition[] = [
  gauge("gridpact_agent_prosumers", "Agent states of prosumers", ({ view }) => view.prosumers.length),
  gauge(
    "gridpact_agent_forgotten_prosumers",
    "Changes of agent states that found no room since the start",
    ({ modules }) => modules.agent.forgottenProsumers(),
  ),
  gauge("gridpact_agent_failed_steps", "Steps that failed since the start and are tried again", ({ modules }) =>
    modules.agent.failedSteps(),
  ),
  gauge(
    "gridpact_agent_planning_devices",
    "Devices that the request being planned has still to look at",
    ({ modules }) => modules.agent.planningDevices(),
  ),
  gauge(
    "gridpact_agent_unfinished_contracts",
    "Settled contracts and disputes that are not over yet",
    ({ modules }) => modules.disputes().waiting,
  ),
  gauge(
    "gridpact_agent_opened_disputes",
    "Disputes opened since the start, as an SC1 adds up to something else by now",
    ({ modules }) => modules.disputes().opened,
  ),
  gauge(
    "gridpact_agent_moves",
    "Moves of devices that the node has a part in, of at most 64",
    ({ modules }) => modules.agent.moves().length,
  ),
  gauge(
    "gridpact_agent_amendments",
    "Amendments of devices' orders that the ledger has, of all events",
    ({ modules }) => sum(modules.agent.events().flatMap(amendmentsOf)),
  ),
  gauge(
    "gridpact_agent_open_amendments",
    "Amendments that wait for the signatures of their devices, or for the ledger",
    ({ modules }) => sum(modules.agent.events().map(openAmendments)),
  ),
  gauge(
    "gridpact_agent_reliability_ratio",
    "Mean share of an order that prosumers are believed to deliver",
    ({ view }) => mean(view.prosumers.map(({ expectedPerMille }) => expectedPerMille / 1_000)),
  ),
  gauge("gridpact_agent_availability_ratio", "Mean availability of prosumers in this hour", ({ view }) =>
    mean(view.prosumers.map(({ availablePerMille }) => availablePerMille / 1_000)),
  ),
  gauge("gridpact_agent_reducible_watts", "What prosumers can be relied on to reduce in this hour", ({ view }) =>
    sum(view.prosumers.map(({ reduceW }) => reduceW)),
  ),
  gauge("gridpact_agent_increasable_watts", "What prosumers can be relied on to take more in this hour", ({ view }) =>
    sum(view.prosumers.map(({ increaseW }) => increaseW)),
  ),
  gauge("gridpact_agent_expected_import_watts", "Import of the node now by its newest outlook", ({ view }) =>
    outlookNow(view, "expectedW"),
  ),
  gauge("gridpact_agent_lower_import_watts", "Lower bound of that import; one value in twenty is below", ({ view }) =>
    outlookNow(view, "lowerW"),
  ),
  gauge("gridpact_agent_upper_import_watts", "Upper bound of that import; one value in twenty is above", ({ view }) =>
    outlookNow(view, "upperW"),
  ),
  gauge("gridpact_agent_optimised_choices", "Kept choices with the optimiser's orders", ({ view }) =>
    madeBy(view, "optimised"),
  ),
  gauge("gridpact_agent_confirmed_choices", "Kept choices whose greedy orders no others undercut", ({ view }) =>
    madeBy(view, "confirmed"),
  ),
  gauge("gridpact_agent_fallback_choices", "Kept choices with greedy orders, for want of the optimiser's", ({ view }) =>
    madeBy(view, "fallback"),
  ),
  gauge("gridpact_agent_judged_events", "Events whose choice was judged", ({ view }) => judged(view).length),
  gauge("gridpact_agent_worth_euros", "Value of the judged events for the node", ({ view }) =>
    euros(view, "actualMicro"),
  ),
  gauge("gridpact_agent_greedy_worth_euros", "Value of the same events by greedy orders", ({ view }) =>
    euros(view, "greedyMicro"),
  ),
  gauge(
    "gridpact_agent_clairvoyant_worth_euros",
    "Value of the same events, had every delivery been known",
    ({ view }) => euros(view, "clairvoyantMicro"),
  ),
];

/** Metrics of the agent in the Prometheus text format, read when they are asked for. */
export function agentMetrics(modules: AgentViewModules): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ vn: modules.vnId });
  for (const { name, help, read } of METRICS) {
    const shown: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => shown.set(read({ view: agentView(modules), modules })),
    });
  }
  registerBalanceMetrics(registry, modules);
  return registry;
}

function outlookNow({ outlook, nowUnixMs }: AgentView, bound: "expectedW" | "lowerW" | "upperW"): number {
  if (outlook === null) return 0;
  const { startUnixMs, mtuMs } = outlook.forecast;
  return outlook.forecast[bound][Math.floor((nowUnixMs - startUnixMs) / mtuMs)] ?? 0;
}

/** Of one contract they are numbered from 1 without a gap, so the newest says how many there were. */
function amendmentsOf({ assignments }: EventDocument): number[] {
  return assignments.map(({ amendment }) => amendment?.amendmentNo ?? 0);
}

function openAmendments({ amending }: EventDocument): number {
  const changes = amending?.batches?.flatMap((batch) => batch.changes) ?? amending?.changes ?? [];
  return changes.length;
}

function madeBy({ choices }: AgentView, way: string): number {
  return choices.filter((choice) => choice.way === way).length;
}

function judged({ choices }: AgentView) {
  return choices.filter(({ actualMicro }) => actualMicro !== null);
}

function euros(view: AgentView, kind: "actualMicro" | "greedyMicro" | "clairvoyantMicro"): number {
  return sum(judged(view).map((choice) => Number(choice[kind] ?? 0))) / MICRO;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
