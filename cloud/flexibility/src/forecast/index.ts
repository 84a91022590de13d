/** Forecast: the power a device will draw or feed in when nobody calls on it. */
export {
  type ForecastFlag,
  type ForecastOptions,
  forecastLoad,
  type LoadForecast,
} from "./forecast-load.ts";
export type { ForecastMethodName } from "./forecast-methods.ts";
export { FORECAST_HORIZON_MS_MAX, type LoadHistory } from "./load-series.ts";
export type { ForecastRule } from "./point-forecast.ts";
