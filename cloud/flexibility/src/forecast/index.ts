/** Forecast: what a series will be, how sure that is, and how far the answer can be trusted. */
export {
  FORECAST_MODEL_VERSION,
  type ForecastFlag,
  type ForecastOptions,
  forecastSeries,
  type SeriesForecast,
} from "./forecast-series.ts";
export { type LocalClock, localClockOf, UTC_CLOCK } from "./local-clock.ts";
export { INTERVAL_COVERAGE } from "./prediction-interval.ts";
export { FORECAST_HORIZON_MS_MAX, type SeriesHistory, type SeriesKind } from "./series-history.ts";
