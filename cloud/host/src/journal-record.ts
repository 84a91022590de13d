import { crc32c } from "./crc32c.ts";

/**
 * Record of a journal and of the native write-ahead log, little-endian:
 * ```
 * 0       4       8                16               24
 * | length | crc32c | seq            | groupFirstSeq  | payload ... |
 * ```
 * `length` counts the payload; the checksum covers everything after itself. `groupFirstSeq` is the number of the
 * first record that was written with this one before one sync: a valid record of a *later* group proves that a
 * damaged one before it had been synced, so it was damaged afterwards and is not a torn tail.
 */
export const RECORD_HEADER_BYTES = 24;

/** A length beyond this is damage, not a record: the largest payload is one envelope with its header. */
export const RECORD_PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

/** Numbered from 0 without gaps; see above for `groupFirstSeq`. */
export type JournalRecord = { seq: bigint; groupFirstSeq: bigint; payload: Uint8Array };

/** The payload's bound is the caller's to keep: a longer one would read as damage. */
export function encodeRecord(record: JournalRecord): Uint8Array {
  const bytes = Buffer.alloc(RECORD_HEADER_BYTES + record.payload.length);
  bytes.writeUInt32LE(record.payload.length, 0);
  bytes.writeBigUInt64LE(record.seq, 8);
  bytes.writeBigUInt64LE(record.groupFirstSeq, 16);
  bytes.set(record.payload, RECORD_HEADER_BYTES);
  bytes.writeUInt32LE(crc32c(bytes.subarray(8)), 4);
  return bytes;
}

/** The record at an offset, or undefined when no whole, undamaged record starts there. */
export function decodeRecordAt(bytes: Uint8Array, offset: number): JournalRecord | undefined {
  if (offset + RECORD_HEADER_BYTES > bytes.length) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.readUInt32LE(offset);
  const end = offset + RECORD_HEADER_BYTES + length;
  if (length > RECORD_PAYLOAD_BYTES_MAX || end > bytes.length) return undefined;
  if (crc32c(view.subarray(offset + 8, end)) !== view.readUInt32LE(offset + 4)) return undefined;
  return {
    seq: view.readBigUInt64LE(offset + 8),
    groupFirstSeq: view.readBigUInt64LE(offset + 16),
    payload: new Uint8Array(bytes.subarray(offset + RECORD_HEADER_BYTES, end)),
  };
}
