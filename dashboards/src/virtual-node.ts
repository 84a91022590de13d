import {
  type Dashboard,
  DashboardBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  DEVICE_POWER,
  DEVICES_FLUX,
  ENERGY_PER_INTERVAL,
  LARGEST_IMPORTERS,
  POWER_BY_FEEDER,
  REPORTING_DEVICES,
} from "./flux.ts";
import { DATASOURCE, FULL_WIDTH, HALF_WIDTH, INFLUXDB_VARIABLE, table, timeseries } from "./panels.ts";

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
    .withVariable(INFLUXDB_VARIABLE)
    .withVariable(new TextBoxVariableBuilder("bucket").label("Bucket").defaultValue("gridpact-district"))
    .withVariable(deviceVariable())
    .withPanel(timeseries(POWER_BY_FEEDER, FULL_WIDTH))
    .withPanel(timeseries(ENERGY_PER_INTERVAL, HALF_WIDTH))
    .withPanel(timeseries(REPORTING_DEVICES, HALF_WIDTH))
    .withPanel(timeseries(DEVICE_POWER, HALF_WIDTH))
    .withPanel(table(LARGEST_IMPORTERS, HALF_WIDTH))
    .build();
}

function deviceVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder("device")
    .label("Device")
    .datasource(DATASOURCE)
    .query({ query: DEVICES_FLUX, refId: "devices" });
}
