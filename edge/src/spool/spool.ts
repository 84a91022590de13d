import { strict as assert } from "node:assert";
import { type Disk, Journal, RECORD_HEADER_BYTES } from "@gridpact/host";
import type { Reading } from "@gridpact/proto";
import { type OpenedEnvelope, openEnvelope, type SealedEnvelope } from "../sign/index.ts";
import { decodeSpoolRecord, encodeSpoolRecord, type SpoolRecord } from "./spool-record.ts";

/** An envelope on disk that nobody has acknowledged yet. */
export type SpooledEnvelope = { recordSeq: bigint; bytes: Uint8Array; readingCount: number };

/**
 * What the spool still takes. Its policy when it fills, named `boundaries_first`: readings inside a market time unit
 * are given up first, as its registers at the boundaries still carry all energy; what is on disk is never dropped.
 */
export type SpoolRoom = "all_readings" | "boundaries_only" | "nothing";

/**
 * 1 MiB: at one reading a minute some three weeks without uplink (66 bytes a reading until it is signed), and with the
 * last quarter kept for boundaries another 40 days. It also bounds the memory that one device's spool takes.
 */
export const SPOOL_BYTES_MAX_DEFAULT = 1_048_576;

/** Space is given back a segment at a time. */
const SEGMENTS = 8;

/** What a spool was found to hold. */
export type Recovered = {
  /** Nothing was ever written here: the device is new, or its sequence state is lost. */
  isEmpty: boolean;
  lastEnvelope: OpenedEnvelope | undefined;
  /** Sampled but not in any envelope, in order of time. */
  unsigned: Reading[];
};

/**
 * Store-and-forward queue of one device on a journal. Everything in it is durable when its promise resolves, leaves it
 * only after an acknowledgement, and is read back in order after a crash. The newest envelope always stays, since
 * the device's sequence goes on from it.
 */
export class Spool {
  readonly #journal: Journal;
  readonly #bytesMax: number;
  readonly #unacked: (SpooledEnvelope & { diskBytes: number })[] = [];
  /** Acknowledged, but not yet on disk as such: a restart would send these again. */
  #forgettable: bigint[] = [];
  #ackedBefore = 0n;
  #lastEnvelopeSeq = 0n;
  /** Bytes of records since the newest envelope. */
  #unsignedBytes = 0;

  private constructor(journal: Journal, bytesMax: number) {
    this.#journal = journal;
    this.#bytesMax = bytesMax;
  }

  /** @throws JournalDamagedError when what had been durable is damaged. */
  static async open(options: {
    disk: Disk;
    directory: string;
    bytesMax: number;
  }): Promise<{ spool: Spool; recovered: Recovered }> {
    const { disk, directory, bytesMax } = options;
    const journal = await Journal.open({ disk, directory, segmentBytesMax: Math.ceil(bytesMax / SEGMENTS) });
    const spool = new Spool(journal, bytesMax);
    return { spool, recovered: await spool.#recover() };
  }

  /** Envelopes that wait for their acknowledgement, oldest first. */
  get unacked(): readonly SpooledEnvelope[] {
    return this.#unacked;
  }

  /** Envelopes before the first unacknowledged one that a restart would send again. */
  get resendable(): number {
    return this.#forgettable.length;
  }

  /** Bytes on disk that cannot be given back yet; what `room` goes by. */
  get bytes(): number {
    return this.#unacked.reduce((sum, envelope) => sum + envelope.diskBytes, this.#unsignedBytes);
  }

  room(): SpoolRoom {
    if (this.bytes >= this.#bytesMax) return "nothing";
    return this.bytes >= (this.#bytesMax * 3) / 4 ? "boundaries_only" : "all_readings";
  }

  /** Keeps a reading that will be signed later. */
  async appendReading(reading: Reading): Promise<void> {
    await this.#append({ kind: "reading", ackedBefore: this.#ackedBefore, reading }, (diskBytes) => {
      this.#unsignedBytes += diskBytes;
    });
  }

  /** Appends an envelope that contains all readings appended before. */
  async appendEnvelope({ bytes, readingCount }: SealedEnvelope): Promise<void> {
    await this.#append({ kind: "envelope", ackedBefore: this.#ackedBefore, bytes }, (diskBytes, recordSeq) => {
      this.#keepEnvelope({ recordSeq, bytes, readingCount }, diskBytes);
    });
  }

  /** The oldest unacknowledged envelope has been acknowledged. It is durable as such with the next record. */
  acknowledgeFirst(): SpooledEnvelope {
    const first = this.#unacked.shift();
    assert(first !== undefined, "an acknowledgement belongs to an envelope");
    this.#ackedBefore = first.recordSeq + 1n;
    this.#forgettable.push(first.recordSeq);
    return first;
  }

  /** Makes the acknowledgements durable now and gives their space back. */
  async saveCursor(): Promise<void> {
    await this.#append({ kind: "cursor", ackedBefore: this.#ackedBefore }, (diskBytes) => {
      this.#unsignedBytes += diskBytes;
    });
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  /** Takes the record into account as soon as it is durable; journal numbers settle in order, so that does too. */
  async #append(record: SpoolRecord, account: (diskBytes: number, recordSeq: bigint) => void): Promise<void> {
    const payload = encodeSpoolRecord(record);
    const recordSeq = await this.#journal.append(payload);
    account(RECORD_HEADER_BYTES + payload.length, recordSeq);
    this.#forgettable = this.#forgettable.filter((ackedSeq) => ackedSeq >= record.ackedBefore);
    await this.#journal.dropBefore(this.#unacked[0]?.recordSeq ?? this.#lastEnvelopeSeq);
  }

  #keepEnvelope(envelope: SpooledEnvelope, diskBytes: number): void {
    this.#unacked.push({ ...envelope, diskBytes: diskBytes + this.#unsignedBytes });
    this.#unsignedBytes = 0;
    this.#lastEnvelopeSeq = envelope.recordSeq;
  }

  /** Reads the journal from its oldest record; the newest `ackedBefore` holds for all. */
  async #recover(): Promise<Recovered> {
    const isEmpty = this.#journal.nextSeq() === 0n;
    let lastEnvelope: OpenedEnvelope | undefined;
    let unsigned: Reading[] = [];
    for await (const { seq, payload } of this.#journal.read()) {
      const record = decodeSpoolRecord(payload);
      this.#ackedBefore = record.ackedBefore;
      const diskBytes = RECORD_HEADER_BYTES + payload.length;
      if (record.kind === "envelope") {
        lastEnvelope = openEnvelope(record.bytes);
        const readingCount = lastEnvelope.payload.readings.length;
        this.#keepEnvelope({ recordSeq: seq, bytes: record.bytes, readingCount }, diskBytes);
      } else {
        this.#unsignedBytes += diskBytes;
        if (record.kind === "reading") unsigned.push(record.reading);
      }
    }
    while ((this.#unacked[0]?.recordSeq ?? this.#ackedBefore) < this.#ackedBefore) this.#unacked.shift();
    const signedUntil = lastEnvelope?.payload.readings.at(-1)?.measuredAtUnixMs;
    // Several envelopes may be sealed at once: one that was cut off by the crash has its readings signed again.
    if (signedUntil !== undefined) unsigned = unsigned.filter((reading) => reading.measuredAtUnixMs > signedUntil);
    return { isEmpty, lastEnvelope, unsigned };
  }
}
