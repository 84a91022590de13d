import type {
  AcceptedReading,
  BatchOutcome,
  LoggedEnvelope,
  LoggedLeaves,
  LoggedLines,
  LoggedReadings,
  LogSegment,
} from "./engine.ts";
import { PackedOutcome } from "./packed-outcome.ts";
import { Unpacker } from "./unpacker.ts";
import { segmentName } from "./wal-segments.ts";

/**
 * Bytes that cross between TypeScript and Rust, little-endian: one buffer each way for a batch, never an object for
 * a reading. `engine/src/frame.rs`, `engine/src/outcome.rs` and `engine/src/engine/reading.rs` are the other side and
 * draw the layout.
 */

/** Records of the log, each `walSeq u64, receivedAt u64, verdict u8, deviceId text, bytes u32 length + bytes`. */
export function unpackLog(packed: Buffer): LoggedEnvelope[] {
  const unpacker = new Unpacker(packed);
  const records: LoggedEnvelope[] = [];
  while (!unpacker.isAtEnd()) {
    const walSeq = unpacker.u64();
    const receivedAtUnixMs = unpacker.number();
    const verdict = unpacker.u8();
    const deviceId = unpacker.text();
    records.push({ walSeq, verdict, receivedAtUnixMs, deviceId, bytes: unpacker.bytes(unpacker.u32()) });
  }
  return records;
}

/** Where to go on and how many leaves, then for each `walSeq u64`, then for each `hash 32 bytes`. */
export function unpackLeaves(packed: Buffer): LoggedLeaves {
  const unpacker = new Unpacker(packed);
  const nextWalSeq = unpacker.u64();
  const walSeqs = unpacker.u64s(unpacker.u32());
  return { walSeqs, hashes: unpacker.rest(), nextWalSeq };
}

/** Where to go on, then envelopes, each `deviceId text, bootEpoch u32, firstSeq u64, count u32` and its readings. */
export function unpackReadings(packed: Buffer): LoggedReadings {
  const unpacker = new Unpacker(packed);
  const nextWalSeq = unpacker.u64();
  const readings: AcceptedReading[] = [];
  while (!unpacker.isAtEnd()) {
    const [deviceId, bootEpoch, firstSeq] = [unpacker.text(), unpacker.u32(), unpacker.u64()];
    const count = BigInt(unpacker.u32());
    for (let index = 0n; index < count; index++) {
      const [measuredAtUnixMs, powerW] = [unpacker.number(), unpacker.signedNumber()];
      const [importWh, exportWh] = [unpacker.u64(), unpacker.u64()];
      readings.push({ deviceId, bootEpoch, seq: firstSeq + index, measuredAtUnixMs, powerW, importWh, exportWh });
    }
  }
  return { readings, nextWalSeq };
}

/** What stands before lines, which are in the caller's memory already: where to go on, and how many readings. */
export function unpackLines(header: Buffer): LoggedLines {
  const unpacker = new Unpacker(header);
  return { nextWalSeq: unpacker.u64(), readingCount: unpacker.u32(), sizeBytes: unpacker.u32() };
}

/** Where to go on, then an outcome. */
export function unpackReplay(packed: Buffer): { outcome: BatchOutcome; nextWalSeq: bigint } {
  const nextWalSeq = packed.readBigUInt64LE(0);
  return { outcome: new PackedOutcome(packed.subarray(8)), nextWalSeq };
}

/** Files of the log, each `firstSeq u64, endSeq u64, sizeBytes u64, isClosed u8`. */
export function unpackSegments(packed: Buffer): LogSegment[] {
  const unpacker = new Unpacker(packed);
  const segments: LogSegment[] = [];
  while (!unpacker.isAtEnd()) {
    const [firstWalSeq, endWalSeq, sizeBytes] = [unpacker.u64(), unpacker.u64(), unpacker.number()];
    const isClosed = unpacker.u8() === 1;
    segments.push({ name: segmentName(firstWalSeq), firstWalSeq, endWalSeq, sizeBytes, isClosed });
  }
  return segments;
}
