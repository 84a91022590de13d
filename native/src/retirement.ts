import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { EngineError, type LogSegment } from "./engine.ts";
import { replayEntry } from "./judge.ts";
import { StateBook } from "./state-book.ts";
import { encodeCheckpoint, type StateCheckpoint, stateName } from "./state-checkpoint.ts";
import { ioCoded, writeCoded } from "./wal.ts";
import { entryOf } from "./wal-record.ts";
import { damaged, readSegment } from "./wal-segments.ts";

/** Segments of one retirement, as in the native engine; what is left goes with the next one. */
export const RETIRED_SEGMENTS_MAX = 8;

/** A directory on a disk. */
export type Directory = { disk: Disk; directory: string };

/** Segments that go, what was remembered before the first of them, and where they are copied, if anywhere. */
export type Retirement = { closed: readonly LogSegment[]; base: StateCheckpoint; archive: Directory | undefined };

/** The oldest closed segments, as far as they end at or before `beforeSeq`. */
export function retirable(segments: readonly LogSegment[], beforeSeq: bigint): LogSegment[] {
  const kept = segments.findIndex(({ isClosed, endWalSeq }) => !isClosed || endWalSeq > beforeSeq);
  return segments.slice(0, Math.min(kept, RETIRED_SEGMENTS_MAX));
}

/**
 * Makes first the archive and then the checkpoint durable that stand for segments; nothing is removed yet. A crash in
 * between leaves the segments in the log.
 * @throws EngineError WAL_DAMAGED, WAL_FULL, WAL_IO; ARCHIVE_IO when the archive fails or has another log's segment.
 */
export async function prepareRetirement(
  log: Directory,
  { closed, base, archive }: Retirement,
): Promise<StateCheckpoint> {
  const states = new StateBook(base.states);
  for (const segment of closed) {
    const bytes = await readClosed(log, segment, states);
    if (archive !== undefined) await copyInto(archive, segment, bytes);
  }
  states.commit();
  const checkpoint = { seq: closed.at(-1)?.endWalSeq ?? base.seq, states: states.committed() };
  const path = `${log.directory}/${stateName(checkpoint.seq)}`;
  await writeCoded(log.disk.replace(path, encodeCheckpoint(checkpoint)));
  return checkpoint;
}

async function readClosed(log: Directory, segment: LogSegment, states: StateBook): Promise<Uint8Array> {
  const { name, firstWalSeq: firstSeq, endWalSeq } = segment;
  const path = `${log.directory}/${name}`;
  const bytes = (await ioCoded("read", log.disk.read(path))) ?? new Uint8Array();
  const read = readSegment({
    path,
    bytes,
    isLast: false,
    firstSeq,
    visit: (record) => void replayEntry(states, entryOf(record)),
  });
  if (read.nextSeq !== endWalSeq) throw damaged(path, read.keptBytes);
  return bytes;
}

/** What an earlier attempt left there is written anew. */
async function copyInto({ disk, directory }: Directory, segment: LogSegment, bytes: Uint8Array): Promise<void> {
  const path = `${directory}/${segment.name}`;
  try {
    const found = (await disk.read(path)) ?? new Uint8Array();
    assert(!isOther(segment, found, bytes), `${path} is of another log`);
    await disk.replace(path, bytes);
  } catch (cause) {
    const reason = `the archive of the write-ahead log could not be written: ${(cause as Error).message}`;
    throw new EngineError("ARCHIVE_IO", reason, cause);
  }
}

/** Whether bytes are a segment that somebody else wrote: whole by its own checksums, and no beginning of `expected`. */
function isOther({ name, firstWalSeq }: LogSegment, found: Uint8Array, expected: Uint8Array): boolean {
  if (Buffer.compare(found, expected.subarray(0, found.length)) === 0) return false;
  try {
    readSegment({ path: name, bytes: found, isLast: false, firstSeq: firstWalSeq, visit: () => undefined });
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}
