import { createHash } from "node:crypto";
import { type Disk, Journal } from "@gridpact/host";
import type { Committed, PreparedTransaction } from "../client/index.ts";
import {
  decodeOutboxRecord,
  type EndorsementWish,
  encodeOutboxRecord,
  type FinishedEntry,
  type OutboxRecord,
  type PendingEntry,
} from "./outbox-record.ts";

/** Bounds of disk and memory; pending entries are bounded by the outbox itself. */
export type OutboxStoreOptions = {
  disk: Disk;
  directory: string;
  /** The journal is rewritten when it has grown by this, and by the size it had after the last rewriting. */
  compactBytes: number;
  /** Finished keys kept; beyond it the oldest is forgotten. */
  finishedMax: number;
  /** See JournalOptions: steps that find no room wait for it, in their order. */
  whenFull: () => Promise<void>;
};

/** Finished entries are rewritten in records of about this size: one each would cost a header of 24 bytes each. */
const REWRITE_RECORD_BYTES = 1024 * 1024;

/** Segments are dropped whole: a quarter of the bound keeps what cannot be dropped yet small beside it. */
const SEGMENTS_PER_COMPACTION = 4;

/** The durable state of the outbox: what is on its way, and what was done. */
export class OutboxStore {
  /** In the order in which they were enqueued. */
  readonly pending = new Map<string, PendingEntry>();
  readonly #finished = new Map<string, FinishedEntry>();
  readonly #journal: Journal;
  readonly #options: OutboxStoreOptions;
  #grownBytes = 0;
  #rewrittenBytes = 0;
  #isRewriting = false;
  #idle: Promise<unknown> = Promise.resolve();

  private constructor(journal: Journal, options: OutboxStoreOptions) {
    this.#journal = journal;
    this.#options = options;
  }

  /** @throws JournalDamagedError */
  static async open(options: OutboxStoreOptions): Promise<OutboxStore> {
    const { disk, directory, compactBytes, whenFull } = options;
    const segmentBytesMax = Math.ceil(compactBytes / SEGMENTS_PER_COMPACTION);
    const store = new OutboxStore(await Journal.open({ disk, directory, segmentBytesMax, whenFull }), options);
    for await (const { payload } of store.#journal.read()) {
      store.#apply(decodeOutboxRecord(payload));
      store.#grownBytes += payload.length;
    }
    return store;
  }

  /** False while the disk is full, or the journal has failed. */
  canAcceptWork(): boolean {
    return this.#journal.canAcceptWork();
  }

  finished(key: string): FinishedEntry | undefined {
    return this.#finished.get(key);
  }

  /** Each of these resolves when the step is on stable storage. @throws JournalWriteError, OUTBOX_ENTRY_TOO_LARGE */
  async enqueue(entry: Omit<PendingEntry, "argument" | "prepared"> & { argument: string }): Promise<void> {
    const { key, lane, transaction, argument } = entry;
    await this.#write({ kind: "enqueued", key, lane, transaction, argument, ...wishOf(entry) });
  }

  /** Also takes in an entry that comes prepared. */
  async prepare(key: string, lane: string, prepared: PreparedTransaction): Promise<void> {
    await this.#write({ kind: "prepared", key, lane, prepared });
  }

  async finish(entry: PendingEntry, { transactionId, blockNumber, result }: Committed): Promise<void> {
    const { key } = entry;
    const contentHashHex = contentHash(entry);
    await this.#write({ kind: "finished", entries: [{ key, contentHashHex, transactionId, blockNumber, result }] });
  }

  async drop(key: string): Promise<void> {
    await this.#write({ kind: "dropped", key });
  }

  /** Writes what was asked for, then closes. */
  async close(): Promise<void> {
    await this.#idle;
    await this.#journal.close();
  }

  async #write(record: OutboxRecord): Promise<void> {
    const written = this.#append(record);
    this.#idle = Promise.allSettled([this.#idle, written]);
    await written;
  }

  /** The state changes with the call, so that a rewriting that comes between restates it; durable is it later. */
  async #append(record: OutboxRecord): Promise<void> {
    const payload = encodeOutboxRecord(record);
    this.#apply(record);
    this.#grownBytes += payload.length;
    await this.#journal.append(payload);
    if (this.#grownBytes > this.#options.compactBytes + this.#rewrittenBytes) await this.#rewriteAlone();
  }

  #apply(record: OutboxRecord): void {
    switch (record.kind) {
      case "enqueued":
        this.#applyEnqueued(record);
        break;
      case "prepared":
        this.#applyPrepared(record);
        break;
      case "finished":
        for (const entry of record.entries) this.#applyFinished(entry);
        break;
      case "dropped":
        this.pending.delete(record.key);
        break;
    }
  }

  /**
   * A key that is there already is being restated: it moves to the end, as all others do in their order, and stays
   * prepared, as a crash may have come before that was restated too.
   */
  #applyEnqueued(record: OutboxRecord & { kind: "enqueued" }): void {
    const { key, lane, transaction, argument } = record;
    const prepared = this.pending.get(key)?.prepared ?? null;
    this.pending.delete(key);
    this.pending.set(key, { key, lane, transaction, argument, prepared, ...wishOf(record) });
  }

  #applyPrepared({ key, lane, prepared }: OutboxRecord & { kind: "prepared" }): void {
    const known = this.pending.get(key);
    if (known !== undefined && known.argument !== null) {
      known.prepared = prepared;
      return;
    }
    this.pending.delete(key);
    this.pending.set(key, { key, lane, transaction: prepared.transaction, argument: null, prepared });
  }

  #applyFinished(entry: FinishedEntry): void {
    this.pending.delete(entry.key);
    this.#finished.set(entry.key, entry);
    const oldest = this.#finished.keys().next();
    if (this.#finished.size > this.#options.finishedMax && oldest.done !== true) this.#finished.delete(oldest.value);
  }

  /** Two at once could drop a later segment before an earlier one, and a crash between would leave a gap. */
  async #rewriteAlone(): Promise<void> {
    if (this.#isRewriting) return;
    this.#isRewriting = true;
    try {
      await this.#rewrite();
    } finally {
      this.#isRewriting = false;
    }
  }

  /**
   * Restates everything at the journal's end, then forgets what came before. All appends are asked for before the
   * first wait, so that no later step can come between them.
   */
  async #rewrite(): Promise<void> {
    const fromSeq = this.#journal.nextSeq();
    const payloads = this.#restated().map(encodeOutboxRecord);
    this.#rewrittenBytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
    this.#grownBytes = 0;
    await Promise.all(payloads.map((payload) => this.#journal.append(payload)));
    await this.#journal.dropBefore(fromSeq);
  }

  #restated(): OutboxRecord[] {
    const records: OutboxRecord[] = [];
    for (const entry of this.pending.values()) {
      const { key, lane, transaction, argument, prepared } = entry;
      if (argument !== null) records.push({ kind: "enqueued", key, lane, transaction, argument, ...wishOf(entry) });
      if (prepared !== null) records.push({ kind: "prepared", key, lane, prepared });
    }
    return [...finishedRecords(this.#finished.values()), ...records];
  }
}

function wishOf({ transient, endorsingOrganisations }: EndorsementWish): EndorsementWish {
  return { ...(transient && { transient }), ...(endorsingOrganisations && { endorsingOrganisations }) };
}

/** SHA-256 of transaction and argument: whether a key is used again for the same thing. */
export function contentHash(entry: Pick<PendingEntry, "transaction" | "argument">): string | null {
  if (entry.argument === null) return null;
  return createHash("sha256").update(`${entry.transaction}\n${entry.argument}`).digest("hex");
}

function* finishedRecords(finished: Iterable<FinishedEntry>): Generator<OutboxRecord> {
  let entries: FinishedEntry[] = [];
  let bytes = 0;
  for (const entry of finished) {
    const entryBytes = Buffer.byteLength(JSON.stringify(entry));
    if (entries.length > 0 && bytes + entryBytes > REWRITE_RECORD_BYTES) {
      yield { kind: "finished", entries };
      entries = [];
      bytes = 0;
    }
    entries.push(entry);
    bytes += entryBytes;
  }
  if (entries.length > 0) yield { kind: "finished", entries };
}
