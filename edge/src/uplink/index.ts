/** The way to the virtual node. */
export { backoffMs } from "./backoff.ts";
export type { MqttUplinkModules, MqttUplinkOptions } from "./mqtt-uplink.ts";
export { MqttUplink } from "./mqtt-uplink.ts";
export type { Uplink, UplinkErrorCode } from "./uplink.ts";
export { UplinkError } from "./uplink.ts";
