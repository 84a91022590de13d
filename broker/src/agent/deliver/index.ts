/** While the event runs: setpoints, watching, reports, replacements. */
export { rearrange } from "./rearrange.ts";
export { reportIntervals } from "./report-intervals.ts";
export { sendSetpoints } from "./send-setpoints.ts";
export { SetpointSender } from "./setpoint-sender.ts";
export { watchDelivery } from "./watch-delivery.ts";
