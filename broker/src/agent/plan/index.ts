/** From a request to an answer: baselines, forecasts, the choice of devices. */
export { busyDevices } from "./busy-devices.ts";
export { chooseReplacements, originalsFor, rulesFor } from "./choose-devices.ts";
export { METER_BEFORE_UNITS } from "./device-baseline.ts";
export { EventPlanner } from "./event-planner.ts";
export { evidenceNeededSinceUnixMs } from "./evidence-needed.ts";
export type { PassedOver } from "./find-candidates.ts";
export { historyHash, meanPowersW, meteredHistory } from "./metered-history.ts";
export type { PlanContext } from "./plan-context.ts";
export { respond } from "./respond.ts";
export { StatementBook } from "./statement-book.ts";
