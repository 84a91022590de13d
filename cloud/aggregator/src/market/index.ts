/** What price and carbon are expected to be, from what is known of them. */
export { forecastOutlook, type MarketKnowledge } from "./forecast-outlook.ts";
