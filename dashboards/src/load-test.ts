import { type Dashboard, DashboardBuilder, TextBoxVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelQuery } from "./flux.ts";
import { ACKNOWLEDGEMENT_PANELS, PROCESS_PANELS } from "./ingest-health.ts";
import { loadMetric } from "./metric-flux.ts";
import { HALF_WIDTH, INFLUXDB_VARIABLE, metricsVariable, THIRD_WIDTH, vnVariable, withRows } from "./panels.ts";

/** `aggregateWindow` takes a function of these two arguments, and `quantile` has a third. */
const P99 = `(tables=<-, column) => tables |> quantile(q: 0.99, column: column)`;

/** What k6 saw; the names are those of loadtest/k6. */
export const LOAD_QUERIES: readonly PanelQuery[] = [
  loadMetric(
    {
      title: "k6: PUBACK p99",
      description: "What the slowest of a hundred envelopes waited for its acknowledgement, at the device.",
      unit: "ms",
      metric: "gridpact_puback_ms",
    },
    P99,
  ),
  loadMetric(
    {
      title: "k6: PUBACK median",
      description: "What half of the envelopes waited at most, at the device.",
      unit: "ms",
      metric: "gridpact_puback_ms",
    },
    "median",
  ),
  loadMetric(
    {
      title: "k6: envelopes sent",
      description: "In each period; compare with what the virtual node received.",
      unit: "short",
      metric: "gridpact_envelopes_sent",
    },
    "sum",
  ),
  loadMetric(
    { title: "k6: readings sent", description: "In each period.", unit: "short", metric: "gridpact_readings_sent" },
    "sum",
  ),
  loadMetric(
    { title: "k6: virtual users", description: "Devices at work, and who watches them.", unit: "short", metric: "vus" },
    "max",
  ),
  loadMetric(
    {
      title: "k6: checks that held",
      description: "Share of the checks in each period; below 1 the account does not add up.",
      unit: "percentunit",
      metric: "checks",
    },
    "mean",
  ),
];

/** What a performance engineer looks at during a run: k6 above, the virtual node below, on one axis of time. */
export function loadTestDashboard(): Dashboard {
  const dashboard = new DashboardBuilder("Load test")
    .uid("gridpact-load-test")
    .description("A run of k6 beside the virtual node that it loads")
    .tags(["gridpact"])
    .timezone("utc")
    .time({ from: "now-15m", to: "now" })
    .refresh("5s")
    .readonly()
    .withVariable(INFLUXDB_VARIABLE)
    .withVariable(new TextBoxVariableBuilder("k6").label("Bucket of k6").defaultValue("gridpact-k6"))
    .withVariable(metricsVariable())
    .withVariable(vnVariable());
  withRows(dashboard, LOAD_QUERIES, THIRD_WIDTH);
  withRows(dashboard, [...ACKNOWLEDGEMENT_PANELS, ...PROCESS_PANELS], HALF_WIDTH);
  return dashboard.build();
}
