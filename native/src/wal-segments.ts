import { type AppendFile, type Disk, decodeRecordAt, RECORD_HEADER_BYTES } from "@gridpact/host";
import { EngineError } from "./engine.ts";
import { readSyncedMark, type SyncedMark, syncedBytesOf } from "./synced-mark.ts";
import type { WalRecord } from "./wal.ts";

/** A file of the log, named after the number of its first record. */
export type Segment = {
  name: string;
  firstSeq: bigint;
  /** Durable bytes; of the open segment the file itself knows better. */
  sizeBytes: number;
};

/** Twenty digits, as many as a u64 has: names sort as the numbers do. */
export function segmentName(firstSeq: bigint): string {
  return `${firstSeq.toString().padStart(20, "0")}.log`;
}

/**
 * Checks all segments from record `baseSeq` on, cuts a torn tail of the last one and opens it for appending.
 * @throws EngineError WAL_DAMAGED: nothing is ever skipped.
 */
export async function openSegments(options: {
  disk: Disk;
  directory: string;
  /** What stands before it, a checkpoint stands for. */
  baseSeq: bigint;
  visit: (record: WalRecord) => void;
}): Promise<{ segments: Segment[]; file: AppendFile; nextSeq: bigint }> {
  const { disk, directory, baseSeq, visit } = options;
  const mark = await readSyncedMark(disk, directory);
  const listed = (await listSegments(disk, directory)).filter(({ firstSeq }) => firstSeq >= baseSeq);
  assertWholeList(listed, { directory, baseSeq, mark });
  let nextSeq = baseSeq;
  let keptBytes = 0;
  for (const segment of listed) {
    const path = `${directory}/${segment.name}`;
    if (segment.firstSeq !== nextSeq) throw damaged(path, 0);
    const bytes = (await disk.read(path)) ?? new Uint8Array();
    const isLast = segment === listed.at(-1);
    ({ nextSeq, keptBytes } = readSegment({ path, bytes, isLast, firstSeq: nextSeq, visit }));
    segment.sizeBytes = keptBytes;
    if (isLast && keptBytes < syncedBytesOf(mark, segment.firstSeq)) throw damaged(path, keptBytes);
  }
  const file = await disk.openAppend(`${directory}/${listed.at(-1)?.name}`);
  if (file.sizeBytes() > keptBytes) await file.truncate(keptBytes);
  // A process that died before its sync leaves records that can be read but are not durable yet; from here on they
  // are taken for logged, and a resend of one is acknowledged at once.
  await file.sync();
  return { segments: listed, file, nextSeq };
}

/** Throws when a segment that had been synced is gone, be it the first one or the last. */
function assertWholeList(
  segments: readonly Segment[],
  { directory, baseSeq, mark }: { directory: string; baseSeq: bigint; mark: SyncedMark },
): void {
  const last = segments.at(-1);
  if (last === undefined || segments[0]?.firstSeq !== baseSeq) throw damaged(`${directory}/${segmentName(baseSeq)}`, 0);
  if (mark.syncedBytes > 0n && last.firstSeq < mark.segmentFirstSeq) {
    throw damaged(`${directory}/${segmentName(mark.segmentFirstSeq)}`, 0);
  }
}

const SEGMENT_PATTERN = /^(\d{20})\.log$/;

/** In order; a log without any file has one empty segment, which opening it makes. Other files are passed over. */
export async function listSegments(disk: Disk, directory: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await disk.list(directory)) {
    const digits = SEGMENT_PATTERN.exec(name)?.[1];
    if (digits !== undefined) segments.push({ name, firstSeq: BigInt(digits), sizeBytes: 0 });
  }
  return segments.length > 0 ? segments : [{ name: segmentName(0n), firstSeq: 0n, sizeBytes: 0 }];
}

/**
 * Shows each whole record to `visit`, in order, and says where the next one belongs.
 * @throws EngineError WAL_DAMAGED for anything but a torn tail of the last segment
 */
export function readSegment(segment: {
  path: string;
  bytes: Uint8Array;
  isLast: boolean;
  firstSeq: bigint;
  visit: (record: WalRecord) => void;
}): { nextSeq: bigint; keptBytes: number } {
  const { path, bytes, isLast, visit } = segment;
  let nextSeq = segment.firstSeq;
  let keptBytes = 0;
  for (let record = decodeRecordAt(bytes, 0); record !== undefined; record = decodeRecordAt(bytes, keptBytes)) {
    if (record.seq !== nextSeq) throw damaged(path, keptBytes);
    visit({ walSeq: record.seq, payload: record.payload });
    nextSeq += 1n;
    keptBytes += RECORD_HEADER_BYTES + record.payload.length;
  }
  const isWhole = keptBytes === bytes.length;
  if (!isWhole && (!isLast || wasSynced(bytes, keptBytes, nextSeq))) throw damaged(path, keptBytes);
  return { nextSeq, keptBytes };
}

/**
 * Whether a whole record of a later group stands anywhere after the damaged place. The numbers are looked at before
 * the checksum, as a torn tail is mostly noise and a checksum at each of its bytes would take quadratic time.
 */
function wasSynced(bytes: Uint8Array, damagedAt: number, damagedSeq: bigint): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seqMax = damagedSeq + BigInt(bytes.length);
  for (let offset = damagedAt + 1; offset + RECORD_HEADER_BYTES <= bytes.length; offset++) {
    const groupFirstSeq = view.readBigUInt64LE(offset + 16);
    if (groupFirstSeq <= damagedSeq || groupFirstSeq > seqMax) continue;
    if (decodeRecordAt(bytes, offset) !== undefined) return true;
  }
  return false;
}

/** WAL_DAMAGED, with the place and what to do: whoever reads it is an operator whose node does not start. */
export function damaged(path: string, offsetBytes: number): EngineError {
  const advice = "restore this file from a backup, it is never skipped";
  return new EngineError("WAL_DAMAGED", `${path}: damaged record at byte ${offsetBytes}; ${advice}`);
}
