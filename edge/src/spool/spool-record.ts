import { strict as assert } from "node:assert";
import type { Quality, Reading } from "@gridpact/proto";

/**
 * Record of the spool's journal, little-endian:
 * ```
 * 0      1              9
 * | kind | ackedBefore  | body ... |
 * ```
 * Envelopes in records with a number below `ackedBefore` have been acknowledged; every record tells it anew, so that
 * the acknowledgements become durable without writes of their own while readings keep coming.
 */
export type SpoolRecord = { ackedBefore: bigint } & (
  | { kind: "reading"; reading: Reading }
  | { kind: "envelope"; bytes: Uint8Array }
  | { kind: "cursor" }
);

const KIND = { reading: 1, envelope: 2, cursor: 3 } as const;
const HEADER_BYTES = 9;

/** A sampled reading that is not signed yet: time, power, import, export (8 bytes each), quality. */
const READING_BYTES = 33;

/** The payload of a journal record; the journal adds number and checksum. */
export function encodeSpoolRecord(record: SpoolRecord): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(KIND[record.kind], 0);
  header.writeBigUInt64LE(record.ackedBefore, 1);
  switch (record.kind) {
    case "reading":
      return Buffer.concat([header, encodeReading(record.reading)]);
    case "envelope":
      return Buffer.concat([header, record.bytes]);
    case "cursor":
      return header;
  }
}

/** Reads back a record of our own; the journal's checksum has already vouched for the bytes. */
export function decodeSpoolRecord(payload: Uint8Array): SpoolRecord {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const ackedBefore = bytes.readBigUInt64LE(1);
  const body = bytes.subarray(HEADER_BYTES);
  switch (bytes.readUInt8(0)) {
    case KIND.reading:
      return { kind: "reading", ackedBefore, reading: decodeReading(body) };
    case KIND.envelope:
      return { kind: "envelope", ackedBefore, bytes: body };
    default:
      assert(bytes.readUInt8(0) === KIND.cursor, "a spool record of a kind that was never written");
      return { kind: "cursor", ackedBefore };
  }
}

function encodeReading(reading: Reading): Uint8Array {
  const bytes = Buffer.alloc(READING_BYTES);
  bytes.writeBigInt64LE(reading.measuredAtUnixMs, 0);
  bytes.writeBigInt64LE(reading.powerW, 8);
  bytes.writeBigUInt64LE(reading.importWh, 16);
  bytes.writeBigUInt64LE(reading.exportWh, 24);
  bytes.writeUInt8(reading.quality, 32);
  return bytes;
}

function decodeReading(bytes: Buffer): Reading {
  assert(bytes.length === READING_BYTES, "a spooled reading has its fixed length");
  return {
    measuredAtUnixMs: bytes.readBigInt64LE(0),
    powerW: bytes.readBigInt64LE(8),
    importWh: bytes.readBigUInt64LE(16),
    exportWh: bytes.readBigUInt64LE(24),
    quality: bytes.readUInt8(32) as Quality,
  };
}
