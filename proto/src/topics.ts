/**
 * MQTT topics between a device and its virtual node: one exact topic per device and direction, no wildcards.
 * Devices publish on `reading`, `signature`, `flexibility` and `balance`, and subscribe to `setpoint` and
 * `sign-request`.
 */
const TOPIC_ROOT = "gridpact/v1";

/** Anything else that a device publishes is refused by the broker. */
export const DEVICE_PUBLISH_CHANNELS = ["reading", "signature", "flexibility", "balance"] as const;
/** Exact topics only: a wildcard would show other devices' setpoints. */
export const DEVICE_SUBSCRIBE_CHANNELS = ["setpoint", "sign-request"] as const;

/** Last level of a topic. */
export type Channel = (typeof DEVICE_PUBLISH_CHANNELS)[number] | (typeof DEVICE_SUBSCRIBE_CHANNELS)[number];

/** 1..64 of a-z, 0-9 and '-': fits a topic level, a certificate's common name and a file name unescaped. */
const DEVICE_ID_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Virtual nodes' ids follow the same rule. */
export function isDeviceId(text: string): boolean {
  return DEVICE_ID_PATTERN.test(text);
}

/** Exact topic of one device and channel. */
export function deviceTopic(deviceId: string, channel: Channel): string {
  return `${TOPIC_ROOT}/${deviceId}/${channel}`;
}
