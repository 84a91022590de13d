import { crc32c, type Disk } from "@gridpact/host";

/** Beside the segments; `engine/src/wal/mark.rs` writes it after each sync. */
const MARK_NAME = "synced.mark";
const CHECKED_BYTES = 16;
const MARK_BYTES = CHECKED_BYTES + 4;

/** The bytes of a segment that had been synced; all segments before it had been synced whole. */
export type SyncedMark = { segmentFirstSeq: bigint; syncedBytes: bigint };

/** Proves nothing. */
const NO_MARK: SyncedMark = { segmentFirstSeq: 0n, syncedBytes: 0n };

/**
 * What the native engine, if it was the one that ran here before, knew to be synced: damage below it is no torn tail.
 * The twin writes none, as its disk has no write without a sync; a mark that is old, torn or missing proves less and is
 * never wrong. `segmentFirstSeq u64, syncedBytes u64, crc32c u32`, little-endian.
 */
export async function readSyncedMark(disk: Disk, directory: string): Promise<SyncedMark> {
  const found = await disk.read(`${directory}/${MARK_NAME}`);
  if (found?.length !== MARK_BYTES) return NO_MARK;
  const bytes = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
  if (crc32c(bytes.subarray(0, CHECKED_BYTES)) !== bytes.readUInt32LE(CHECKED_BYTES)) return NO_MARK;
  return { segmentFirstSeq: bytes.readBigUInt64LE(0), syncedBytes: bytes.readBigUInt64LE(8) };
}

/** Bytes of a segment that are known to have been synced. */
export function syncedBytesOf(mark: SyncedMark, segmentFirstSeq: bigint): bigint {
  return mark.segmentFirstSeq === segmentFirstSeq ? mark.syncedBytes : 0n;
}
