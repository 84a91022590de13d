import { strict as assert } from "node:assert";
import { VERDICT } from "@gridpact/proto";
import { EngineError, type LoggedEnvelope } from "./engine.ts";

/**
 * Payload of a write-ahead log record; the frame around it is the journal's (@gridpact/host, little-endian):
 * ```
 * 0         1                    9                10
 * | verdict | receivedAtUnixMs   | deviceId bytes | deviceId ... | SignedEnvelope ... |
 * ```
 */
const HEADER_BYTES = 10;

/**
 * Bytes kept of a rejected envelope: enough to show what was sent (4 KiB are about 130 readings), while a hostile
 * device cannot fill the disk sixteen times faster than its connection allows.
 */
export const REJECTED_BYTES_MAX = 4_096;

/** `bytes` are whole for an accepted envelope; of a rejected one the first 4 KiB. */
export type WalEntry = Omit<LoggedEnvelope, "walSeq">;

/** Cuts a rejected envelope to `REJECTED_BYTES_MAX`; an accepted one is never cut, as proofs are made of it. */
export function encodeWalEntry(entry: WalEntry): Uint8Array {
  const deviceId = Buffer.from(entry.deviceId);
  assert(deviceId.length <= 255, "a device id has at most 255 bytes");
  const kept = entry.verdict === VERDICT.ACCEPTED ? entry.bytes : entry.bytes.subarray(0, REJECTED_BYTES_MAX);
  const payload = Buffer.alloc(HEADER_BYTES + deviceId.length + kept.length);
  payload.writeUInt8(entry.verdict, 0);
  payload.writeBigUInt64LE(BigInt(entry.receivedAtUnixMs), 1);
  payload.writeUInt8(deviceId.length, 9);
  payload.set(deviceId, HEADER_BYTES);
  payload.set(kept, HEADER_BYTES + deviceId.length);
  return payload;
}

/**
 * The entry in a record of the log.
 * @throws EngineError WAL_DAMAGED when the record is whole but was not written by an engine.
 */
export function entryOf(record: { walSeq: bigint; payload: Uint8Array }): WalEntry {
  const view = Buffer.from(record.payload.buffer, record.payload.byteOffset, record.payload.byteLength);
  const bytesStart = view.length < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + view.readUInt8(9);
  if (bytesStart > view.length) throw new EngineError("WAL_DAMAGED", `record ${record.walSeq} holds no envelope`);
  return {
    verdict: view.readUInt8(0),
    receivedAtUnixMs: Number(view.readBigUInt64LE(1)),
    deviceId: view.toString("utf8", HEADER_BYTES, bytesStart),
    bytes: new Uint8Array(view.subarray(bytesStart)),
  };
}
