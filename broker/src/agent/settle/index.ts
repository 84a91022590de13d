/** After the event: evidence, settlement, receipts. */
export { completeEvent, receiptPath } from "./complete-event.ts";
export { endRunning, settleContract, settleDevices } from "./settle.ts";
export { showLateReadings } from "./show-late-readings.ts";
