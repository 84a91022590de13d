/** What the node and its prosumers will draw, issued a few times a day and kept with what was known then. */
export { ProsumerForecaster } from "./forecast-prosumers.ts";
export { OutlookIssuer } from "./issue-outlook.ts";
export { type OutlookStore, openForecasts, openOutlooks } from "./issued-store.ts";
export type { Outlook, ProsumerForecast } from "./outlook.ts";
