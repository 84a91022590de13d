/** Power over time, for models and replayed meters. */
export { PowerSeries, WATT_MS_PER_WH } from "./power-series.ts";
