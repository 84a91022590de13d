import type { PanelQuery } from "./flux.ts";

/**
 * Flux queries over metrics that InfluxDB's own scraper took from a virtual node's `/metrics`: measurement = name of
 * the metric, tags = its labels, field `counter` or `gauge`, or a histogram's upper bounds. Grafana fills `${metrics}`
 * and `${vn}`.
 */
function metric(name: string): string[] {
  return [
    `from(bucket: "\${metrics}")`,
    "  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)",
    `  |> filter(fn: (r) => r._measurement == "${name}" and r.vn == "\${vn}")`,
  ];
}

type MetricPanel = {
  title: string;
  description: string;
  unit: string;
  metric: string;
  /** Label whose values get a line each. */
  by?: string;
};

function query({ title, description, unit, by }: MetricPanel, steps: readonly string[]): PanelQuery {
  const group = `  |> group(columns: [${by === undefined ? "" : `"${by}"`}])`;
  return { title, description, unit, flux: [...steps, group, `  |> sort(columns: ["_time"])`].join("\n") };
}

/** How fast a counter grows, per second; a restart of the virtual node, which begins at 0, is no negative rate. */
export function rate(panel: MetricPanel): PanelQuery {
  return query(panel, [
    ...metric(panel.metric),
    `  |> filter(fn: (r) => r._field == "counter")`,
    "  |> derivative(unit: 1s, nonNegative: true)",
    "  |> aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)",
  ]);
}

/** Where a gauge stands. */
export function level(panel: MetricPanel): PanelQuery {
  return query(panel, [
    ...metric(panel.metric),
    `  |> filter(fn: (r) => r._field == "gauge")`,
    "  |> aggregateWindow(every: v.windowPeriod, fn: last, createEmpty: false)",
  ]);
}

/** Below what a share of the observations was, in each period; read between the bounds of the histogram's buckets. */
export function quantile(panel: MetricPanel, share: number): PanelQuery {
  return query(panel, [
    ...metric(panel.metric),
    `  |> filter(fn: (r) => r._field != "sum" and r._field != "count")`,
    "  |> aggregateWindow(every: v.windowPeriod, fn: last, createEmpty: false)",
    "  |> difference(nonNegative: true)",
    "  |> map(fn: (r) => ({ r with le: float(v: r._field) }))",
    `  |> group(columns: ["_time"])`,
    `  |> sort(columns: ["le"])`,
    `  |> histogramQuantile(quantile: ${share})`,
  ]);
}

/** A trend or rate of k6, which writes to a bucket of its own: measurement = name of the metric, field `value`. */
export function loadMetric(panel: MetricPanel, summary: string): PanelQuery {
  return query(panel, [
    `from(bucket: "\${k6}")`,
    "  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)",
    `  |> filter(fn: (r) => r._measurement == "${panel.metric}" and r._field == "value")`,
    "  |> group()",
    `  |> aggregateWindow(every: v.windowPeriod, fn: ${summary}, createEmpty: false)`,
  ]);
}
