import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TablePanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import {
  DEVICE_POWER,
  DEVICES_FLUX,
  ENERGY_PER_INTERVAL,
  LARGEST_IMPORTERS,
  type PanelQuery,
  POWER_BY_FEEDER,
  REPORTING_DEVICES,
} from "./flux.ts";

/** Grafana lays panels out on 24 columns. */
const FULL_WIDTH = 24;
const HALF_WIDTH = 12;
const PANEL_HEIGHT = 8;

/** What an energy analyst looks at first: load of one virtual node, by feeder, interval and device. */
export function virtualNodeDashboard(): Dashboard {
  return new DashboardBuilder("Virtual node")
    .uid("gridpact-virtual-node")
    .description("Load of one virtual node from verified readings")
    .tags(["gridpact"])
    .timezone("utc")
    .time({ from: "now-24h", to: "now" })
    .refresh("10s")
    .readonly()
    .withVariable(new DatasourceVariableBuilder("datasource").label("InfluxDB").type("influxdb"))
    .withVariable(new TextBoxVariableBuilder("bucket").label("Bucket").defaultValue("gridpact-district"))
    .withVariable(deviceVariable())
    .withPanel(timeseries(POWER_BY_FEEDER, FULL_WIDTH))
    .withPanel(timeseries(ENERGY_PER_INTERVAL, HALF_WIDTH))
    .withPanel(timeseries(REPORTING_DEVICES, HALF_WIDTH))
    .withPanel(timeseries(DEVICE_POWER, HALF_WIDTH))
    .withPanel(table(LARGEST_IMPORTERS, HALF_WIDTH))
    .build();
}

const DATASOURCE = { type: "influxdb", uid: `\${datasource}` };

function deviceVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder("device")
    .label("Device")
    .datasource(DATASOURCE)
    .query({ query: DEVICES_FLUX, refId: "devices" });
}

function timeseries(query: PanelQuery, span: number): Builder<Panel> {
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

function table(query: PanelQuery, span: number): Builder<Panel> {
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
