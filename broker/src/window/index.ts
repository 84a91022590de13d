/** Public face of the window step: energy per feeder and market time unit, and each device's newest reading. */
export { LatestReadings } from "./latest-readings.ts";
export { type WindowSum, WindowView } from "./window-view.ts";
