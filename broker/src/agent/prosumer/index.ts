/** One agent state for each prosumer of the node, durable; and what it lets the node expect of a device. */
export { deliverySpreadPerMille, nextDeliveryPerMille, runningDeliveryPerMille } from "./delivery-outlook.ts";
export { learnFromReadings } from "./learn-from-readings.ts";
export { learnRebounds } from "./learn-rebounds.ts";
export { ProsumerBook } from "./prosumer-book.ts";
