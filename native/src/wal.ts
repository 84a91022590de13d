import { type AppendFile, type Disk, decodeRecordAt, encodeRecord, RECORD_HEADER_BYTES } from "@gridpact/host";
import { EngineError, type LogSegment } from "./engine.ts";
import { listSegments, openSegments, type Segment, segmentName } from "./wal-segments.ts";

/** A segment is closed once it has `segmentBytesMax`, so that the last group may take it beyond. */
export type WalOptions = { disk: Disk; directory: string; segmentBytesMax: number };

/** `payload` has bytes of its own; `wal-record.ts` says what is in it. */
export type WalRecord = { walSeq: bigint; payload: Uint8Array };

/** 64 MiB, as the journal's: replayed in well under a second, and few enough files for years of readings. */
export const SEGMENT_BYTES_MAX_DEFAULT = 64 * 1024 * 1024;

/**
 * Write-ahead log of the twin: segments and records of @gridpact/host's journal, byte for byte what the native
 * engine writes. Unlike the journal it takes a whole batch as one group, and survives a full disk.
 */
export class Wal {
  readonly #options: WalOptions;
  readonly #segments: Segment[];
  #file: AppendFile;
  #nextSeq: bigint;
  /** The segment read last, up to its last durable record; reading goes on in it without a new scan. */
  #view: SegmentView | undefined;

  private constructor(options: WalOptions, opened: { segments: Segment[]; file: AppendFile; nextSeq: bigint }) {
    this.#options = options;
    this.#segments = opened.segments;
    this.#file = opened.file;
    this.#nextSeq = opened.nextSeq;
  }

  /**
   * Opens or makes the log from record `baseSeq` on, cuts a torn tail and shows every record to `visit`, in order.
   * @throws EngineError WAL_DAMAGED when a record that had been synced is damaged, WAL_IO when the disk fails.
   */
  static async open(options: WalOptions, visit: (record: WalRecord) => void, baseSeq = 0n): Promise<Wal> {
    return new Wal(options, await ioCoded("opened", openSegments({ ...options, baseSeq, visit })));
  }

  /** Files of the log, oldest first; the last one is open. */
  segments(): LogSegment[] {
    return this.#segments.map(({ name, firstSeq, sizeBytes }, index) => {
      const next = this.#segments[index + 1];
      return {
        name,
        firstWalSeq: firstSeq,
        endWalSeq: next?.firstSeq ?? this.#nextSeq,
        sizeBytes: next === undefined ? this.#file.sizeBytes() : sizeBytes,
        isClosed: next !== undefined,
      };
    });
  }

  /** Removes the closed segments before record `firstSeq`, for which there MUST be a durable checkpoint. */
  async removeBefore(firstSeq: bigint): Promise<void> {
    const { disk, directory } = this.#options;
    // Those too that an earlier removal left behind when the process ended.
    for (const segment of await ioCoded("listed", listSegments(disk, directory))) {
      if (segment.firstSeq >= firstSeq) break;
      if (segment.firstSeq === this.#segments[0]?.firstSeq) this.#segments.shift();
      await ioCoded("rid of a segment", disk.remove(`${directory}/${segment.name}`));
    }
    this.#view = undefined;
  }

  /** Number of the next record; all before it are durable. */
  nextSeq(): bigint {
    return this.#nextSeq;
  }

  /**
   * Writes payloads as one group and syncs them.
   * @throws EngineError WAL_FULL when there was no room: nothing was logged and the log goes on as before;
   * WAL_IO on any other failure, after which the log MUST NOT be used, because the next sync might lie.
   */
  async appendGroup(payloads: readonly Uint8Array[]): Promise<void> {
    const groupFirstSeq = this.#nextSeq;
    const records = payloads.map((payload, index) =>
      encodeRecord({ seq: groupFirstSeq + BigInt(index), groupFirstSeq, payload }),
    );
    await this.#write(Buffer.concat(records));
    await ioCoded("synced", this.#file.sync());
    this.#nextSeq = groupFirstSeq + BigInt(payloads.length);
  }

  /**
   * Durable records from `fromSeq` on, at most `recordsMax`.
   * @throws EngineError WAL_DAMAGED when a record was damaged since the log was opened, WAL_IO when the disk fails.
   */
  async read(fromSeq: bigint, recordsMax: number): Promise<WalRecord[]> {
    const records: WalRecord[] = [];
    const endSeq = minimum(this.#nextSeq, fromSeq + BigInt(recordsMax));
    let walSeq = maximum(fromSeq, this.#segments[0]?.firstSeq ?? 0n);
    while (walSeq < endSeq) {
      const view = await this.#viewOf(walSeq);
      for (; walSeq < endSeq && view.holds(walSeq); walSeq++) records.push({ walSeq, payload: view.payload(walSeq) });
    }
    return records;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await writeCoded(this.#rollIfFull());
    const goodBytes = this.#file.sizeBytes();
    try {
      await this.#file.append(bytes);
    } catch (cause) {
      const failure = writeError(cause);
      // What was written of the group is cut off again, so that the next group follows the last whole one.
      if (failure.code === "WAL_FULL") await ioCoded("truncated", this.#file.truncate(goodBytes));
      throw failure;
    }
  }

  async #rollIfFull(): Promise<void> {
    if (this.#file.sizeBytes() < this.#options.segmentBytesMax) return;
    const segment = { name: segmentName(this.#nextSeq), firstSeq: this.#nextSeq, sizeBytes: 0 };
    // Opened before the old one is closed: when the disk has no room for it, the log is as it was.
    const next = await this.#options.disk.openAppend(`${this.#options.directory}/${segment.name}`);
    const closed = this.#segments.at(-1);
    if (closed !== undefined) closed.sizeBytes = this.#file.sizeBytes();
    await this.#file.close();
    this.#file = next;
    this.#segments.push(segment);
  }

  async #viewOf(walSeq: bigint): Promise<SegmentView> {
    if (this.#view?.holds(walSeq)) return this.#view;
    const segment = this.#segments.findLast(({ firstSeq }) => firstSeq <= walSeq) as Segment;
    const durableEnd = this.#nextSeq;
    const path = `${this.#options.directory}/${segment.name}`;
    const view = new SegmentView(
      segment.firstSeq,
      (await ioCoded("read", this.#options.disk.read(path))) ?? new Uint8Array(),
    );
    view.index(durableEnd);
    if (!view.holds(walSeq)) throw new EngineError("WAL_DAMAGED", `${path}: record ${walSeq} cannot be read`);
    this.#view = view;
    return view;
  }
}

/** A segment's content with the place of each of its durable records. */
class SegmentView {
  readonly #firstSeq: bigint;
  readonly #bytes: Uint8Array;
  readonly #payloadOffsets: number[] = [];
  readonly #endOffsets: number[] = [];

  constructor(firstSeq: bigint, bytes: Uint8Array) {
    this.#firstSeq = firstSeq;
    this.#bytes = bytes;
  }

  index(durableEnd: bigint): void {
    let offset = 0;
    for (let seq = this.#firstSeq; seq < durableEnd; seq++) {
      const record = decodeRecordAt(this.#bytes, offset);
      if (record?.seq !== seq) return;
      this.#payloadOffsets.push(offset + RECORD_HEADER_BYTES);
      offset += RECORD_HEADER_BYTES + record.payload.length;
      this.#endOffsets.push(offset);
    }
  }

  holds(walSeq: bigint): boolean {
    return walSeq >= this.#firstSeq && walSeq - this.#firstSeq < BigInt(this.#endOffsets.length);
  }

  payload(walSeq: bigint): Uint8Array {
    const index = Number(walSeq - this.#firstSeq);
    // A copy: a view would keep the whole segment in memory for as long as one of its records.
    return new Uint8Array(this.#bytes.subarray(this.#payloadOffsets[index], this.#endOffsets[index]));
  }
}

function writeError(cause: unknown): EngineError {
  const code = (cause as { code?: unknown }).code;
  // EDQUOT: the quota of the file's owner is used up, which ends as a full disk does.
  if (code === "ENOSPC" || code === "EDQUOT") return new EngineError("WAL_FULL", "the disk is full", cause);
  return ioError("written", cause);
}

function ioError(action: string, cause: unknown): EngineError {
  return new EngineError("WAL_IO", `the write-ahead log could not be ${action}`, cause);
}

/** Gives the failure of a write its code: only for want of room does the log go on. */
export async function writeCoded<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (cause) {
    throw writeError(cause);
  }
}

/** Gives a disk's failure its code; an EngineError has one already. */
export async function ioCoded<T>(action: string, pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (cause) {
    throw cause instanceof EngineError ? cause : ioError(action, cause);
  }
}

function minimum(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function maximum(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
