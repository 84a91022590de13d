import { VERDICT } from "@gridpact/proto";
import type { Placement } from "./chain.ts";
import type { BatchOutcome, EnrolledDevice, LoggedReadings } from "./engine.ts";
import { decodeEnvelope } from "./envelope-decode.ts";
import { contradiction, replayEntry } from "./judge.ts";
import { OutcomeBuilder, type OutcomeOptions } from "./outcome-builder.ts";
import { StateBook } from "./state-book.ts";
import type { StateCheckpoint } from "./state-checkpoint.ts";
import type { Wal } from "./wal.ts";
import { entryOf } from "./wal-record.ts";

/** Records read at a time while the replay runs up to the place that was asked for. */
const CATCH_UP_RECORDS = 4_096;

/** Feeder of readings whose device is not enrolled any more; a tag of line protocol cannot be empty. */
export const UNKNOWN_FEEDER = "unknown";

/** Of an envelope that is read by itself, without those before it. */
const UNPLACED: Placement = {
  isAfterGap: false,
  isContinuous: false,
  gap: undefined,
  before: { hash: new Uint8Array(), measuredAtUnixMs: 0, importWh: 0n, exportWh: 0n },
  after: undefined,
};

/**
 * Repeats the outcomes of logged envelopes. What an envelope added to a window depends on the one before it, so the
 * replay keeps its own device states at its own place in the log; going back starts again at the first record, or at
 * the checkpoint that stands for those that were removed.
 */
export class LogReplay {
  readonly #outcomes: OutcomeOptions;
  readonly #wal: Wal;
  readonly #devices: ReadonlyMap<string, EnrolledDevice>;
  #checkpoint: StateCheckpoint;
  #states: StateBook;
  #nextSeq: bigint;
  /** One call at a time: each goes on where the last one stopped. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    outcomes: OutcomeOptions;
    wal: Wal;
    checkpoint: StateCheckpoint;
    devices: ReadonlyMap<string, EnrolledDevice>;
  }) {
    this.#outcomes = options.outcomes;
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
    const builder = new OutcomeBuilder(this.#outcomes);
    let nextWalSeq = fromSeq;
    for (const record of await this.#wal.read(fromSeq, recordsMax)) {
      const entry = entryOf(record);
      nextWalSeq = record.walSeq + 1n;
      if (entry.verdict !== VERDICT.ACCEPTED) continue;
      const decoded = decodeEnvelope(entry.bytes);
      if (!decoded.ok) throw contradiction(entry);
      const feeder = this.#devices.get(entry.deviceId)?.feeder ?? UNKNOWN_FEEDER;
      builder.addAcceptance({ envelope: decoded.envelope, placement: UNPLACED }, { walSeq: record.walSeq, feeder });
    }
    return { readings: builder.build(), nextWalSeq };
  }

  async #next(fromSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }> {
    if (fromSeq < this.#nextSeq) this.#restart();
    await this.#catchUp(fromSeq);
    const builder = new OutcomeBuilder(this.#outcomes);
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
