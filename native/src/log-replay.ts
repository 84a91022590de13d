import { VERDICT } from "@gridpact/proto";
import {
  type BatchOutcome,
  type EnrolledDevice,
  LINES_RECORDS_MAX,
  type LoggedLines,
  type LoggedReadings,
} from "./engine.ts";
import { type DecodedEnvelope, decodeEnvelope } from "./envelope-decode.ts";
import { contradiction, replayEntry } from "./judge.ts";
import { linesOf } from "./line-protocol.ts";
import { OutcomeBuilder, readingsIn } from "./outcome-builder.ts";
import { StateBook } from "./state-book.ts";
import type { StateCheckpoint } from "./state-checkpoint.ts";
import type { Wal, WalRecord } from "./wal.ts";
import { entryOf } from "./wal-record.ts";

/** Records read at a time while the replay runs up to the place that was asked for. */
const CATCH_UP_RECORDS = 4_096;

/** Feeder of readings whose device is not enrolled any more; a tag of line protocol cannot be empty. */
export const UNKNOWN_FEEDER = "unknown";

/** Records read at a time for lines: 64 day-long envelopes of minute readings, which are parsed one by one. */
const LINES_STEP_RECORDS = 64;

/**
 * Repeats the outcomes of logged envelopes. What an envelope added to a window depends on the one before it, so the
 * replay keeps its own device states at its own place in the log; going back starts again at the first record, or at
 * the checkpoint that stands for those that were removed.
 */
export class LogReplay {
  readonly #mtuMs: number;
  readonly #wal: Wal;
  readonly #devices: ReadonlyMap<string, EnrolledDevice>;
  #checkpoint: StateCheckpoint;
  #states: StateBook;
  #nextSeq: bigint;
  /** One call at a time: each goes on where the last one stopped. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    mtuMs: number;
    wal: Wal;
    checkpoint: StateCheckpoint;
    devices: ReadonlyMap<string, EnrolledDevice>;
  }) {
    this.#mtuMs = options.mtuMs;
    this.#wal = options.wal;
    this.#devices = options.devices;
    this.#checkpoint = options.checkpoint;
    this.#states = new StateBook(this.#checkpoint.states);
    this.#nextSeq = this.#checkpoint.seq;
  }

  /** Outcome of the durable records `[fromSeq, fromSeq + recordsMax)`, and where to go on. */
  next(fromSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }> {
    const turn = this.#turn.then(() => this.#next(fromSeq, recordsMax));
    this.#turn = turn.catch(() => this.#restart());
    return turn;
  }

  /** From here on a checkpoint stands for the records before it; resolves when no replay reads them any more. */
  forgetBefore(checkpoint: StateCheckpoint): Promise<void> {
    const turn = this.#turn.then(() => {
      this.#checkpoint = checkpoint;
      if (this.#nextSeq < checkpoint.seq) this.#restart();
    });
    this.#turn = turn;
    return turn;
  }

  /** Accepted readings of the durable records `[fromSeq, fromSeq + recordsMax)`, whatever stands before them. */
  async readings(fromSeq: bigint, recordsMax: number): Promise<LoggedReadings> {
    const records = await this.#wal.read(fromSeq, recordsMax);
    const readings = records.flatMap((record) => {
      const envelope = acceptedIn(record);
      return envelope === undefined ? [] : readingsIn(envelope);
    });
    return { readings, nextWalSeq: (records.at(-1)?.walSeq ?? fromSeq - 1n) + 1n };
  }

  /** The same as lines, as far as they have room. */
  async lines(fromSeq: bigint, into: Uint8Array): Promise<LoggedLines> {
    const lines = { sizeBytes: 0, readingCount: 0, nextWalSeq: fromSeq };
    for (let step = 0; step < LINES_RECORDS_MAX; step += LINES_STEP_RECORDS) {
      const records = await this.#wal.read(lines.nextWalSeq, LINES_STEP_RECORDS);
      for (const record of records) if (!this.#addLines(record, lines, into)) return lines;
      if (records.length < LINES_STEP_RECORDS) break;
    }
    return lines;
  }

  /** False when the record's lines have no room any more. */
  #addLines(record: WalRecord, lines: LoggedLines, into: Uint8Array): boolean {
    const envelope = acceptedIn(record);
    if (envelope !== undefined) {
      const feeder = this.#devices.get(envelope.deviceId)?.feeder ?? UNKNOWN_FEEDER;
      const added = linesOf(readingsIn(envelope), feeder);
      if (lines.sizeBytes + added.length > into.length) return false;
      into.set(added, lines.sizeBytes);
      lines.sizeBytes += added.length;
      lines.readingCount += envelope.readings.length;
    }
    lines.nextWalSeq = record.walSeq + 1n;
    return true;
  }

  async #next(fromSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }> {
    if (fromSeq < this.#nextSeq) this.#restart();
    await this.#catchUp(fromSeq);
    const builder = new OutcomeBuilder(this.#mtuMs);
    if (this.#nextSeq >= fromSeq) await this.#advance(recordsMax, builder);
    return { outcome: builder.build(), nextWalSeq: this.#nextSeq > fromSeq ? this.#nextSeq : fromSeq };
  }

  async #catchUp(fromSeq: bigint): Promise<void> {
    while (this.#nextSeq < fromSeq) {
      const missing = fromSeq - this.#nextSeq;
      const recordsMax = missing < CATCH_UP_RECORDS ? Number(missing) : CATCH_UP_RECORDS;
      if ((await this.#advance(recordsMax)) === 0) return;
    }
  }

  async #advance(recordsMax: number, builder?: OutcomeBuilder): Promise<number> {
    const records = await this.#wal.read(this.#nextSeq, recordsMax);
    for (const record of records) {
      const entry = entryOf(record);
      const acceptance = replayEntry(this.#states, entry);
      const feeder = this.#devices.get(entry.deviceId)?.feeder ?? UNKNOWN_FEEDER;
      builder?.addVerdict(entry.verdict);
      if (acceptance !== undefined) builder?.addAcceptance(acceptance, { walSeq: record.walSeq, feeder });
      this.#nextSeq = record.walSeq + 1n;
    }
    return records.length;
  }

  #restart(): void {
    this.#states = new StateBook(this.#checkpoint.states);
    this.#nextSeq = this.#checkpoint.seq;
  }
}

/** The accepted envelope of a record; undefined for a rejected one. */
function acceptedIn(record: WalRecord): DecodedEnvelope | undefined {
  const entry = entryOf(record);
  if (entry.verdict !== VERDICT.ACCEPTED) return undefined;
  const decoded = decodeEnvelope(entry.bytes);
  if (!decoded.ok) throw contradiction(entry);
  return decoded.envelope;
}
