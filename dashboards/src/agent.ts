import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelQuery } from "./flux.ts";
import { level } from "./metric-flux.ts";
import { metricsDashboard, QUARTER_WIDTH, THIRD_WIDTH, withRows } from "./panels.ts";

/** What the node's agents believe of their prosumers. */
const STATE_PANELS: readonly PanelQuery[] = [
  level({
    title: "Agent states",
    description: "Agent states of prosumers.",
    unit: "short",
    metric: "gridpact_agent_prosumers",
  }),
  level({
    title: "Forgotten changes",
    description: "Changes of agent states that found no room since the start.",
    unit: "short",
    metric: "gridpact_agent_forgotten_prosumers",
  }),
  level({
    title: "Failed steps",
    description: "Steps that failed since the start and are tried again.",
    unit: "short",
    metric: "gridpact_agent_failed_steps",
  }),
  level({
    title: "Devices to plan",
    description: "Devices that the request being planned has still to look at.",
    unit: "short",
    metric: "gridpact_agent_planning_devices",
  }),
  level({
    title: "Contracts to finish",
    description: "Settled contracts and disputes that are not over yet.",
    unit: "short",
    metric: "gridpact_agent_unfinished_contracts",
  }),
  level({
    title: "Disputes opened",
    description: "Disputes opened since the start, as an SC1 adds up to something else by now.",
    unit: "short",
    metric: "gridpact_agent_opened_disputes",
  }),
  level({
    title: "Moves",
    description: "Moves of devices that the node has a part in, of at most 64.",
    unit: "short",
    metric: "gridpact_agent_moves",
  }),
  level({
    title: "Amendments",
    description: "Amendments of devices' orders that the ledger has, of all events.",
    unit: "short",
    metric: "gridpact_agent_amendments",
  }),
  level({
    title: "Open amendments",
    description: "They wait for the signatures of their devices, or for the ledger.",
    unit: "short",
    metric: "gridpact_agent_open_amendments",
  }),
  level({
    title: "Believed delivery",
    description: "Mean share of an order that prosumers are believed to deliver.",
    unit: "percentunit",
    metric: "gridpact_agent_reliability_ratio",
  }),
  level({
    title: "Availability",
    description: "Mean availability of prosumers in this hour.",
    unit: "percentunit",
    metric: "gridpact_agent_availability_ratio",
  }),
  level({
    title: "Can reduce",
    description: "What prosumers can be relied on to reduce in this hour.",
    unit: "watt",
    metric: "gridpact_agent_reducible_watts",
  }),
  level({
    title: "Can take more",
    description: "What prosumers can be relied on to take more in this hour.",
    unit: "watt",
    metric: "gridpact_agent_increasable_watts",
  }),
];

/** The node's forecast: nine of ten values of its import lie between the bounds. */
const FORECAST_PANELS: readonly PanelQuery[] = [
  level({
    title: "Expected import",
    description: "Import of the node now by its newest outlook.",
    unit: "watt",
    metric: "gridpact_agent_expected_import_watts",
  }),
  level({
    title: "Import, lower bound",
    description: "Lower bound of that import; one value in twenty is below.",
    unit: "watt",
    metric: "gridpact_agent_lower_import_watts",
  }),
  level({
    title: "Import, upper bound",
    description: "Upper bound of that import; one value in twenty is above.",
    unit: "watt",
    metric: "gridpact_agent_upper_import_watts",
  }),
];

/** What choices were worth; regret is what is missing to the worth of knowing all. */
const CHOICE_PANELS: readonly PanelQuery[] = [
  level({
    title: "Optimised choices",
    description: "Kept choices with the optimiser's orders.",
    unit: "short",
    metric: "gridpact_agent_optimised_choices",
  }),
  level({
    title: "Confirmed choices",
    description: "Kept choices whose greedy orders no others undercut.",
    unit: "short",
    metric: "gridpact_agent_confirmed_choices",
  }),
  level({
    title: "Choices without the optimiser",
    description: "Kept choices with greedy orders, for want of the optimiser's.",
    unit: "short",
    metric: "gridpact_agent_fallback_choices",
  }),
  level({
    title: "Judged events",
    description: "Events whose choice was judged.",
    unit: "short",
    metric: "gridpact_agent_judged_events",
  }),
  level({
    title: "Worth of events",
    description: "Value of the judged events for the node.",
    unit: "currencyEUR",
    metric: "gridpact_agent_worth_euros",
  }),
  level({
    title: "Worth by greedy orders",
    description: "Value of the same events by greedy orders.",
    unit: "currencyEUR",
    metric: "gridpact_agent_greedy_worth_euros",
  }),
  level({
    title: "Worth of knowing all",
    description: "Value of the same events, had every delivery been known.",
    unit: "currencyEUR",
    metric: "gridpact_agent_clairvoyant_worth_euros",
  }),
];

/** Every metric of the agent's page but those of balance; a test holds it against what the page serves. */
export const AGENT_QUERIES: readonly PanelQuery[] = [...STATE_PANELS, ...FORECAST_PANELS, ...CHOICE_PANELS];

/** Agent states, forecast and regret of one virtual node, from the metrics of its agent's page. */
export function agentDashboard(): Dashboard {
  const dashboard = metricsDashboard({
    title: "Virtual node: agent",
    uid: "gridpact-agent",
    description: "What a virtual node has learned of its prosumers, what it expects, and what its choices were worth",
    from: "now-24h",
  });
  withRows(dashboard, [...CHOICE_PANELS, ...STATE_PANELS], QUARTER_WIDTH);
  withRows(dashboard, FORECAST_PANELS, THIRD_WIDTH);
  return dashboard.build();
}
