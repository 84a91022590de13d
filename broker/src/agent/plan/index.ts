/** From a request to an answer: baselines, forecasts, the choice of devices. */
export { busyDevices } from "./busy-devices.ts";
export { chooseReplacements } from "./choose-devices.ts";
export { daySelection, HISTORY_DAYS, METER_BEFORE_UNITS } from "./device-baseline.ts";
export { meteredHistory } from "./metered-history.ts";
export { pollRequests } from "./poll-requests.ts";
export { type DeliveryOutcome, ReliabilityBook } from "./reliability-book.ts";
export { respond } from "./respond.ts";
export { StatementBook } from "./statement-book.ts";
