import { strict as assert } from "node:assert";
import { isDeviceId, PUBLIC_KEY_BYTES } from "@gridpact/proto";
import { type EnrolledDevice, LINES_BYTES_MIN, QUEUED_ENVELOPES_MAX } from "./engine.ts";

/**
 * Printable, and free of the backslash that would escape the escape in line protocol. 63 characters are at most
 * 252 bytes, so that one length byte does when the name crosses to Rust.
 */
const FEEDER_PATTERN = /^[^\p{Cc}\\]{1,63}$/u;

/** What both engines demand of their caller; a breach is the caller's bug, never a device's doing. */
export function assertEnrollable(device: EnrolledDevice): void {
  assert(isDeviceId(device.deviceId), `not a device id: ${device.deviceId}`);
  assert(device.publicKey.length === PUBLIC_KEY_BYTES, `public key of ${device.publicKey.length} bytes`);
  assert(FEEDER_PATTERN.test(device.feeder), `not a feeder name: ${device.feeder}`);
}

/** @param queuedEnvelopes - submitted before and not answered */
export function assertBatch(envelopes: number, receivedAtUnixMs: number, queuedEnvelopes: number): void {
  assert(queuedEnvelopes < QUEUED_ENVELOPES_MAX, "submit after canAcceptWork() said no");
  assert(envelopes <= QUEUED_ENVELOPES_MAX, `batch of ${envelopes} envelopes`);
  assert(Number.isSafeInteger(receivedAtUnixMs) && receivedAtUnixMs >= 0, `not an instant: ${receivedAtUnixMs}`);
}

/** Less room than one envelope may need would look like the end of the log. */
export function assertRoom(fromWalSeq: bigint, into: Uint8Array): void {
  assert(fromWalSeq >= 0n, `not a position in the log: ${fromWalSeq}`);
  assert(into.length >= LINES_BYTES_MIN, `lines may need more room than ${into.length} bytes`);
}

/** As many records as a batch has envelopes at most: what one read holds in memory is bounded by that. */
export function assertRange(fromWalSeq: bigint, recordsMax: number): void {
  assert(fromWalSeq >= 0n, `not a position in the log: ${fromWalSeq}`);
  const isBounded = Number.isInteger(recordsMax) && recordsMax >= 1 && recordsMax <= QUEUED_ENVELOPES_MAX;
  assert(isBounded, `${recordsMax} records at once`);
}
