/** Meters: the interface to hardware, and the replay of profiles. */
export type { Meter, MeterErrorCode, MeterReading } from "./meter.ts";
export { MeterError } from "./meter.ts";
export type { ReplayStart } from "./replay-meter.ts";
export { ReplayMeter } from "./replay-meter.ts";
