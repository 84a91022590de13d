import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { PanelQuery } from "./flux.ts";

/** Grafana lays panels out on 24 columns. */
export const FULL_WIDTH = 24;
export const HALF_WIDTH = 12;
export const THIRD_WIDTH = 8;
export const QUARTER_WIDTH = 6;
const PANEL_HEIGHT = 8;

/** Whatever the viewer chose; no dashboard names a data source of one installation. */
export const DATASOURCE = { type: "influxdb", uid: `\${datasource}` };

/** The choice itself, among all InfluxDB sources of the Grafana. */
export const INFLUXDB_VARIABLE = new DatasourceVariableBuilder("datasource").label("InfluxDB").type("influxdb");

/** Where InfluxDB's scraper puts a virtual node's metrics. */
export function metricsVariable(): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder("metrics").label("Bucket of metrics").defaultValue("gridpact-metrics");
}

/** Values of the `vn` variable. */
export const VNS_FLUX = [
  `import "influxdata/influxdb/schema"`,
  `schema.tagValues(bucket: "\${metrics}", tag: "vn", start: v.timeRangeStart)`,
].join("\n");

/** Asked of the metrics, so a virtual node shows once it has been scraped. */
export function vnVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder("vn")
    .label("Virtual node")
    .datasource(DATASOURCE)
    .query({ query: VNS_FLUX, refId: "vns" });
}

/** What every dashboard from a virtual node's metrics has beside its panels. */
export function metricsDashboard(own: {
  title: string;
  uid: string;
  description: string;
  from: string;
}): DashboardBuilder {
  return new DashboardBuilder(own.title)
    .uid(own.uid)
    .description(own.description)
    .tags(["gridpact"])
    .timezone("utc")
    .time({ from: own.from, to: "now" })
    .refresh("10s")
    .readonly()
    .withVariable(INFLUXDB_VARIABLE)
    .withVariable(metricsVariable())
    .withVariable(vnVariable());
}

/**
 * A line for each series of the query.
 * @param span - columns of the 24
 */
export function timeseries(query: PanelQuery, span: number): Builder<Panel> {
  return new TimeseriesPanelBuilder()
    .title(query.title)
    .description(query.description)
    .unit(query.unit)
    .datasource(DATASOURCE)
    .span(span)
    .height(PANEL_HEIGHT)
    .fillOpacity(15)
    .withTarget(fluxTarget(query));
}

/** A line of text for each row of the query, in its order. */
export function table(query: PanelQuery, span: number): Builder<Panel> {
  return new TablePanelBuilder()
    .title(query.title)
    .description(query.description)
    .unit(query.unit)
    .datasource(DATASOURCE)
    .span(span)
    .height(PANEL_HEIGHT)
    .withTarget(fluxTarget(query));
}

/** The SDK has no typed query of InfluxDB: this is the shape that Grafana's InfluxDB data source stores. */
function fluxTarget(query: PanelQuery): Builder<Dataquery> {
  const target = { refId: "A", query: query.flux, datasource: DATASOURCE };
  return { build: () => ({ ...target, _implementsDataqueryVariant: () => undefined }) as Dataquery };
}

/**
 * A line chart for each query, in rows of one width. Grafana's builder begins a row only where one is full, so the last
 * chart takes what is left of its own: otherwise charts of another width after it would reach beyond the 24 columns.
 */
export function withRows(dashboard: DashboardBuilder, queries: readonly PanelQuery[], span: number): void {
  for (const [index, query] of queries.entries()) {
    const isLast = index === queries.length - 1;
    dashboard.withPanel(timeseries(query, isLast ? FULL_WIDTH - ((index * span) % FULL_WIDTH) : span));
  }
}
