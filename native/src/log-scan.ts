import type { Disk } from "@gridpact/host";
import type { LoggedEnvelope } from "./engine.ts";
import { entryOf } from "./wal-record.ts";
import { listSegments, readSegment } from "./wal-segments.ts";

/** `records` are those that are whole, `sizeBytes` what they take; a torn tail is in neither. */
export type ScannedSegment = { name: string; firstWalSeq: bigint; records: number; sizeBytes: number };

/** A log from end to end, all of it whole; anything else is an error of `scanLog`. */
export type ScannedLog = {
  segments: ScannedSegment[];
  /** Numbers of the first record and after the last one. */
  firstWalSeq: bigint;
  endWalSeq: bigint;
  /** Bytes at the end that are no whole record: written, and neither synced nor acknowledged. */
  tornBytes: number;
};

/**
 * Reads a log from end to end and changes nothing, so it may be one that is being written.
 * @throws EngineError WAL_DAMAGED at the first record that is not as it was written.
 */
export async function scanLog(
  log: { disk: Disk; directory: string },
  look: { onEnvelope?: (envelope: LoggedEnvelope) => void; onSegment?: (segment: ScannedSegment, of: number) => void },
): Promise<ScannedLog> {
  const { disk, directory } = log;
  const listed = await listSegments(disk, directory);
  const firstWalSeq = listed[0]?.firstSeq ?? 0n;
  const scanned: ScannedLog = { segments: [], firstWalSeq, endWalSeq: firstWalSeq, tornBytes: 0 };
  for (const { name, firstSeq } of listed) {
    const path = `${directory}/${name}`;
    const bytes = (await disk.read(path)) ?? new Uint8Array();
    const { nextSeq, keptBytes } = readSegment({
      path,
      bytes,
      isLast: name === listed.at(-1)?.name,
      // A segment that is missing shows as a first number that does not follow.
      firstSeq: scanned.endWalSeq,
      visit: (record) => look.onEnvelope?.({ walSeq: record.walSeq, ...entryOf(record) }),
    });
    const segment = { name, firstWalSeq: firstSeq, records: Number(nextSeq - firstSeq), sizeBytes: keptBytes };
    scanned.segments.push(segment);
    scanned.endWalSeq = nextSeq;
    scanned.tornBytes = bytes.length - keptBytes;
    look.onSegment?.(segment, listed.length);
  }
  return scanned;
}
