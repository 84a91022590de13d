import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelQuery } from "./flux.ts";
import { level } from "./metric-flux.ts";
import { metricsDashboard, QUARTER_WIDTH, THIRD_WIDTH, withRows } from "./panels.ts";

/** What balancing is judged by, each beside what would have been without it. */
const WORTH_PANELS: readonly PanelQuery[] = [
  level({
    title: "Self-consumption",
    description: "Share of the members' surplus of the day that did not leave its feeder.",
    unit: "percentunit",
    metric: "gridpact_balance_self_consumption_ratio",
  }),
  level({
    title: "Self-consumption without",
    description: "What that share would have been without self-balancing.",
    unit: "percentunit",
    metric: "gridpact_balance_unmoved_self_consumption_ratio",
  }),
  level({
    title: "Peak of the day",
    description: "Highest import of the node in a market time unit of the day.",
    unit: "watt",
    metric: "gridpact_balance_peak_watts",
  }),
  level({
    title: "Peak without",
    description: "What that import would have been without self-balancing.",
    unit: "watt",
    metric: "gridpact_balance_unmoved_peak_watts",
  }),
];

const COURSE_PANELS: readonly PanelQuery[] = [
  level({
    title: "Surplus",
    description: "What members would have had beyond their own use, of the day.",
    unit: "watth",
    metric: "gridpact_balance_surplus_wh",
  }),
  level({
    title: "Shared",
    description: "Energy that went from member to member at the same feeder, of the day.",
    unit: "watth",
    metric: "gridpact_balance_shared_wh",
  }),
  level({
    title: "Moved",
    description: "Energy that storage and waiting loads moved, of the day.",
    unit: "watth",
    metric: "gridpact_balance_moved_wh",
  }),
  level({
    title: "Taking part",
    description: "Devices that take part in self-balancing.",
    unit: "short",
    metric: "gridpact_balance_devices",
  }),
  level({
    title: "Left alone",
    description: "Of these, left alone for a day because they did not follow.",
    unit: "short",
    metric: "gridpact_balance_left_alone_devices",
  }),
  level({
    title: "Units by outcome",
    description: "Units of feeders that are kept: planned, held for an event, or why their devices were left alone.",
    unit: "short",
    metric: "gridpact_balance_feeder_units",
    by: "outcome",
  }),
];

/** Every metric of balance; likewise. */
export const BALANCE_QUERIES: readonly PanelQuery[] = [...WORTH_PANELS, ...COURSE_PANELS];

/** Self-balancing of one virtual node, from the metrics of its agent's page. */
export function balanceDashboard(): Dashboard {
  const dashboard = metricsDashboard({
    title: "Virtual node: self-balancing",
    uid: "gridpact-balance",
    description: "How much surplus a virtual node keeps inside, and its peak, with self-balancing and without",
    from: "now-24h",
  });
  withRows(dashboard, WORTH_PANELS, QUARTER_WIDTH);
  withRows(dashboard, COURSE_PANELS, THIRD_WIDTH);
  return dashboard.build();
}
