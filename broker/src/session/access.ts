import { type Channel, DEVICE_PUBLISH_CHANNELS, DEVICE_SUBSCRIBE_CHANNELS, deviceTopic } from "@gridpact/proto";
import type { RefusalReason } from "./refusal.ts";

/** What a certificate says about the other end of a connection. */
export type DeviceIdentity = {
  deviceId: string;
  /** Ed25519, 32 bytes: the key of the certificate. */
  publicKey: Uint8Array;
};

/** Fields of CONNECT that decide. */
export type ConnectClaim = { clientId: string; isClean: boolean; hasWill: boolean };

/**
 * Why a CONNECT is refused, or undefined. The client id must be the certificate's identity, so an empty one is refused
 * for either kind of session; with a session that is to be kept the standard demands it. [MQTT-3.1.3-8]
 */
export function connectRefusal(
  identity: DeviceIdentity,
  claim: ConnectClaim,
  enrolledKey: Uint8Array | undefined,
): RefusalReason | undefined {
  if (claim.clientId === "" && !claim.isClean) return "client_id_empty";
  if (claim.clientId !== identity.deviceId) return "client_id_mismatch";
  if (claim.hasWill) return "will";
  // A certificate outlives a revocation and a key change; the registry is what counts.
  if (enrolledKey === undefined || !isSame(enrolledKey, identity.publicKey)) return "not_enrolled";
  return undefined;
}

/** Fields of PUBLISH that decide. */
export type PublishClaim = { topic: string; qos: number; retain: boolean };

/** The channel that a device publishes on, or why it may not. */
export function publishAccess(
  deviceId: string,
  claim: PublishClaim,
): { isAllowed: true; channel: Channel } | { isAllowed: false; reason: RefusalReason } {
  const channel = DEVICE_PUBLISH_CHANNELS.find((name) => deviceTopic(deviceId, name) === claim.topic);
  const reason = channel === undefined ? topicRefusal(claim.topic) : deliveryRefusal(claim);
  return channel === undefined || reason !== undefined
    ? { isAllowed: false, reason: reason ?? "foreign_topic" }
    : { isAllowed: true, channel };
}

/** Why a subscription is refused, or undefined; a device may have its own two exact topics. */
export function subscribeRefusal(deviceId: string, claim: { topic: string; qos: number }): RefusalReason | undefined {
  if (!DEVICE_SUBSCRIBE_CHANNELS.some((name) => deviceTopic(deviceId, name) === claim.topic)) {
    return topicRefusal(claim.topic);
  }
  return qosRefusal(claim.qos);
}

function deliveryRefusal(claim: PublishClaim): RefusalReason | undefined {
  return claim.retain ? "retain" : qosRefusal(claim.qos);
}

/** QoS 1 only: QoS 0 could be lost unnoticed, QoS 2 keeps state for each message and adds nothing to idempotence. */
function qosRefusal(qos: number): RefusalReason | undefined {
  if (qos === 1) return undefined;
  return qos === 0 ? "qos_0" : "qos_2";
}

function topicRefusal(topic: string): RefusalReason {
  if (topic.startsWith("$")) return "reserved_topic";
  return /[#+]/.test(topic) ? "wildcard_topic" : "foreign_topic";
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
