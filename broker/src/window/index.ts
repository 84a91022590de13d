/** Public face of the window step: energy per feeder and market time unit. */
export { type WindowSum, WindowView } from "./window-view.ts";
