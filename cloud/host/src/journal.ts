import { strict as assert } from "node:assert";
import type { AppendFile, Disk } from "./disk.ts";
import { decodeRecordAt, encodeRecord, type JournalRecord, RECORD_HEADER_BYTES } from "./journal-record.ts";

/** A record that had been synced is damaged: nothing may be skipped, so nothing is read. */
export class JournalDamagedError extends Error {
  readonly code = "JOURNAL_DAMAGED";
  readonly path: string;
  readonly offsetBytes: number;

  constructor(path: string, offsetBytes: number) {
    super(`${path}: damaged record at byte ${offsetBytes}; restore this file from a backup, it is never skipped`);
    this.name = "JournalDamagedError";
    this.path = path;
    this.offsetBytes = offsetBytes;
  }
}

/** The journal could not make a record durable; after a failed sync the process MUST end, as the next one may lie. */
export class JournalWriteError extends Error {
  readonly code = "JOURNAL_WRITE";

  constructor(cause: unknown) {
    super("the journal could not be written", { cause });
    this.name = "JournalWriteError";
  }
}

/** `directory` MUST be this journal's alone, and of one process at a time. */
export type JournalOptions = {
  disk: Disk;
  directory: string;
  /** A segment is closed when it has grown beyond this. */
  segmentBytesMax?: number;
  /**
   * Called when the disk is full; what was to be written is tried again, in its order, when this resolves. Without it,
   * or when it rejects, a full disk is a failure as any other.
   */
  whenFull?: () => Promise<void>;
  /**
   * Records before this one need no check at opening, as an earlier opening did it, or as all of them will be read
   * anyway: segments that have no other are left alone until they are read, so that opening takes no longer with each
   * year. Damage in them is then found by whoever reads them.
   */
  checkedBefore?: bigint;
};

/** 64 MiB: replayed in well under a second, and few enough files for years of readings. */
const SEGMENT_BYTES_MAX_DEFAULT = 64 * 1024 * 1024;

/** Records waiting for a sync; beyond it `append` refuses, and its caller must hold back. */
const PENDING_RECORDS_MAX = 65_536;

type Pending = { payload: Uint8Array; resolve: (seq: bigint) => void; reject: (error: unknown) => void };

/** Append-only log of records in segments, with group commit: one sync serves all appends that waited for it. */
export class Journal {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #segmentBytesMax: number;
  readonly #whenFull: JournalOptions["whenFull"];
  #isFull = false;
  #segments: Segment[];
  #file: AppendFile;
  #nextSeq: bigint;
  #pending: Pending[] = [];
  #isFlushing = false;
  #failure: JournalWriteError | undefined;

  private constructor(options: JournalOptions, opened: Opened) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX_DEFAULT;
    this.#whenFull = options.whenFull;
    this.#segments = opened.segments;
    this.#file = opened.file;
    this.#nextSeq = opened.nextSeq;
  }

  /**
   * Opens or makes a journal, cutting a torn tail of the last segment.
   * @throws JournalDamagedError when a synced record is damaged.
   */
  static async open(options: JournalOptions): Promise<Journal> {
    return new Journal(options, await openSegments(options));
  }

  /** Number that the next record gets; records are numbered from 0. */
  nextSeq(): bigint {
    return this.#nextSeq + BigInt(this.#pending.length);
  }

  canAcceptWork(): boolean {
    return this.#failure === undefined && !this.#isFull && this.#pending.length < PENDING_RECORDS_MAX;
  }

  /** Resolves with the record's number once it is on stable storage. */
  append(payload: Uint8Array): Promise<bigint> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    assert(this.#pending.length < PENDING_RECORDS_MAX, "append after canAcceptWork() said no");
    return new Promise((resolve, reject) => {
      this.#pending.push({ payload, resolve, reject });
      void this.#flush();
    });
  }

  /**
   * Records from `fromSeq` on, in order, that were durable when the reading began.
   * @throws JournalDamagedError when one of them is not there
   */
  async *read(fromSeq = 0n): AsyncGenerator<JournalRecord> {
    const durableEnd = this.#nextSeq;
    const segments = [...this.#segments];
    const first = segments.findLastIndex((segment) => segment.firstSeq <= fromSeq);
    for (let index = Math.max(0, first); index < segments.length; index++) {
      const { name, firstSeq } = segments[index] as Segment;
      const path = `${this.#directory}/${name}`;
      const bytes = (await this.#disk.read(path)) ?? new Uint8Array();
      const endSeq = segments[index + 1]?.firstSeq ?? durableEnd;
      for (const record of recordsOf({ path, bytes, firstSeq, endSeq })) if (record.seq >= fromSeq) yield record;
    }
  }

  /** Forgets whole segments whose records all come before `seq`. */
  async dropBefore(seq: bigint): Promise<void> {
    while (this.#segments.length > 1 && (this.#segments[1]?.firstSeq ?? 0n) <= seq) {
      const dropped = this.#segments.shift();
      await this.#disk.remove(`${this.#directory}/${dropped?.name}`);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    while (this.#pending.length > 0 && this.#failure === undefined) await this.#flushGroup();
    this.#isFlushing = false;
  }

  async #flushGroup(): Promise<void> {
    // A copy: what is appended while this group is being synced belongs to the next one.
    const group = [...this.#pending];
    const firstSeq = this.#nextSeq;
    try {
      const records = group.map(({ payload }, index) =>
        encodeRecord({ seq: firstSeq + BigInt(index), groupFirstSeq: firstSeq, payload }),
      );
      await this.#write(Buffer.concat(records));
      await this.#file.sync();
    } catch (cause) {
      this.#failure = new JournalWriteError(cause);
      for (const { reject } of this.#pending) reject(this.#failure);
      this.#pending = [];
      return;
    }
    this.#pending = this.#pending.slice(group.length);
    this.#nextSeq = firstSeq + BigInt(group.length);
    group.forEach(({ resolve }, index) => {
      resolve(firstSeq + BigInt(index));
    });
  }

  /** Writes a group, as often as the disk is full; what a try left behind is cut off before the next. */
  async #write(bytes: Uint8Array): Promise<void> {
    for (;;) {
      let keptBytes = this.#file.sizeBytes();
      try {
        await this.#rollIfLarge();
        keptBytes = this.#file.sizeBytes();
        await this.#file.append(bytes);
        this.#isFull = false;
        return;
      } catch (cause) {
        if (this.#whenFull === undefined || !isDiskFull(cause)) throw cause;
        this.#isFull = true;
        await this.#file.truncate(keptBytes);
        await this.#whenFull();
      }
    }
  }

  /** The old segment is left only when the new one is there. */
  async #rollIfLarge(): Promise<void> {
    if (this.#file.sizeBytes() < this.#segmentBytesMax) return;
    const segment = { name: segmentName(this.#nextSeq), firstSeq: this.#nextSeq };
    const next = await this.#disk.openAppend(`${this.#directory}/${segment.name}`);
    await this.#file.close();
    this.#file = next;
    this.#segments.push(segment);
  }
}

/** As the operating system says it, and the simulated disk after it. */
function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
}

type Segment = { name: string; firstSeq: bigint };

type Opened = { segments: Segment[]; file: AppendFile; nextSeq: bigint };

const SEGMENT_PATTERN = /^(\d{20})\.log$/;

function segmentName(firstSeq: bigint): string {
  return `${firstSeq.toString().padStart(20, "0")}.log`;
}

async function openSegments({ disk, directory, checkedBefore = 0n }: JournalOptions): Promise<Opened> {
  const names = (await disk.list(directory)).filter((name) => SEGMENT_PATTERN.test(name));
  if (names.length === 0) names.push(segmentName(0n));
  const segments = names.map((name) => ({ name, firstSeq: BigInt(SEGMENT_PATTERN.exec(name)?.[1] ?? "0") }));
  let nextSeq = segments[0]?.firstSeq ?? 0n;
  let keptBytes = 0;
  for (const [index, segment] of segments.entries()) {
    const path = `${directory}/${segment.name}`;
    if (segment.firstSeq !== nextSeq) throw new JournalDamagedError(path, 0);
    const followerSeq = segments[index + 1]?.firstSeq;
    if (followerSeq !== undefined && followerSeq <= checkedBefore) {
      nextSeq = followerSeq;
      continue;
    }
    const bytes = (await disk.read(path)) ?? new Uint8Array();
    const isLast = index === segments.length - 1;
    ({ nextSeq, keptBytes } = checkSegment({ path, bytes, isLast, firstSeq: nextSeq }));
  }
  const file = await disk.openAppend(`${directory}/${names.at(-1)}`);
  if (file.sizeBytes() > keptBytes) await file.truncate(keptBytes);
  // What a killed process wrote and never synced was just read as if it were durable: now it is.
  await file.sync();
  return { segments, file, nextSeq };
}

/** Checks one segment; only the end of the last one may be torn. */
function checkSegment(segment: { path: string; bytes: Uint8Array; isLast: boolean; firstSeq: bigint }): {
  nextSeq: bigint;
  keptBytes: number;
} {
  let nextSeq = segment.firstSeq;
  let keptBytes = 0;
  for (const { record, endBytes } of scan(segment.bytes)) {
    if (record.seq !== nextSeq) throw new JournalDamagedError(segment.path, keptBytes);
    nextSeq += 1n;
    keptBytes = endBytes;
  }
  const isWhole = keptBytes === segment.bytes.length;
  if (!isWhole && (!segment.isLast || wasSynced(segment.bytes, keptBytes, nextSeq))) {
    throw new JournalDamagedError(segment.path, keptBytes);
  }
  return { nextSeq, keptBytes };
}

/** Records [firstSeq, endSeq) of a segment. @throws JournalDamagedError at the first that is not there */
function* recordsOf(segment: { path: string; bytes: Uint8Array; firstSeq: bigint; endSeq: bigint }) {
  let [nextSeq, keptBytes] = [segment.firstSeq, 0];
  for (const { record, endBytes } of scan(segment.bytes)) {
    if (record.seq !== nextSeq || nextSeq === segment.endSeq) break;
    yield record;
    [nextSeq, keptBytes] = [nextSeq + 1n, endBytes];
  }
  if (nextSeq < segment.endSeq) throw new JournalDamagedError(segment.path, keptBytes);
}

/** Whether a whole record of a later group stands anywhere after the damaged place. */
function wasSynced(bytes: Uint8Array, damagedAt: number, damagedSeq: bigint): boolean {
  for (let offset = damagedAt + 1; offset + RECORD_HEADER_BYTES <= bytes.length; offset++) {
    const record = decodeRecordAt(bytes, offset);
    if (record !== undefined && record.groupFirstSeq > damagedSeq) return true;
  }
  return false;
}

function* scan(bytes: Uint8Array): Generator<{ record: JournalRecord; endBytes: number }> {
  let offset = 0;
  for (let record = decodeRecordAt(bytes, 0); record !== undefined; record = decodeRecordAt(bytes, offset)) {
    offset += RECORD_HEADER_BYTES + record.payload.length;
    yield { record, endBytes: offset };
  }
}
