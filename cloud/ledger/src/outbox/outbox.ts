import type { Clock, Disk, Log } from "@gridpact/host";
import {
  type Committed,
  encodeArgument,
  type Ledger,
  type LedgerArgument,
  type PreparedTransaction,
} from "../client/index.ts";
import { type DeliveryModules, deliver, isFinal } from "./delivery.ts";
import { Lanes } from "./lanes.ts";
import { OutboxError } from "./outbox-error.ts";
import type { EndorsementWish, PendingEntry } from "./outbox-record.ts";
import { contentHash, OutboxStore } from "./outbox-store.ts";
import { Waits } from "./waits.ts";

/** Delays are by the outbox's clock, in a running part the machine's: a network is no faster on an accelerated day. */
export type OutboxOptions = {
  /** On `disk`; MUST be this outbox's alone. */
  directory: string;
  /** First delay after a failure; each further one doubles it. */
  retryDelayMs?: number;
  /** How long an ordered transaction may take to show up in a block before it is looked up and submitted again. */
  statusWaitMs?: number;
  pendingMax?: number;
  finishedMax?: number;
  compactBytes?: number;
};

/** `disk` has to be durable: a forgotten entry may take effect twice. */
export type OutboxModules = { disk: Disk; clock: Clock; ledger: Ledger; log: Log };

/** Of one entry; kept with it, so that it is carried out alike after a restart. */
export type EnqueueOptions = {
  /** Entries of one lane are carried out one after the other, in order; of different lanes, side by side. */
  lane?: string;
} & EndorsementWish;

/** Counters since the outbox was opened; `pending` is the number at the moment. */
export type OutboxMetrics = { pending: number; committed: number; retried: number; refused: number };

/** `isPrepared`: its transaction may have been submitted, so it may yet take effect though nobody says so. */
export type PendingKey = Pick<PendingEntry, "key" | "lane" | "transaction"> & { isPrepared: boolean };

/** A tenth of the usual time between two blocks. */
export const RETRY_DELAY_MS_DEFAULT = 200;

/** Above a change of leader among the orderers, some seconds; below the 3 min after which they forget a transaction. */
export const STATUS_WAIT_MS_DEFAULT = 30_000;

/** More than a district's events need at once, and few enough that all arguments fit in memory. */
export const PENDING_MAX_DEFAULT = 1_024;

/**
 * A week of anchors at one in ten seconds, 20 MB or so. A key older than that is no longer recognised here; the
 * contracts then refuse what exists already.
 */
export const FINISHED_MAX_DEFAULT = 65_536;

/** Somebody has to make room; a second more is nothing to them. */
export const DISK_FULL_WAIT_MS = 1_000;

/** Replayed in half a second. */
export const COMPACT_BYTES_DEFAULT = 64 * 1024 * 1024;

/** An entry of this run, with the promise that everybody who asks for its key gets. */
type LiveEntry = {
  entry: PendingEntry;
  outcome: Promise<Committed>;
  resolve: (committed: Committed) => void;
  reject: (error: unknown) => void;
};

/**
 * Brings transactions to the ledger so that each business key takes effect once: over crashes of this process, lost
 * answers and conflicts. What `execute` was asked for goes on after a restart even if nobody asks again.
 */
export class Outbox {
  readonly #options: Required<Omit<OutboxOptions, "directory">>;
  readonly #store: OutboxStore;
  readonly #waits: Waits;
  readonly #log: Log;
  readonly #delivery: DeliveryModules;
  readonly #live = new Map<string, LiveEntry>();
  readonly #lanes = new Lanes();
  readonly #counts = { committed: 0, retried: 0, refused: 0 };
  #failure: unknown;

  private constructor(store: OutboxStore, waits: Waits, options: Required<OutboxOptions>, modules: OutboxModules) {
    const { ledger, log } = modules;
    const { retryDelayMs, statusWaitMs } = options;
    this.#options = options;
    this.#store = store;
    this.#waits = waits;
    this.#log = log;
    const onRetry = () => {
      this.#counts.retried += 1;
    };
    this.#delivery = { ledger, store, waits: this.#waits, log, retryDelayMs, statusWaitMs, onRetry };
  }

  /**
   * Opens the outbox and goes on with what was pending.
   * @throws JournalDamagedError
   */
  static async open(options: OutboxOptions, modules: OutboxModules): Promise<Outbox> {
    const complete = {
      retryDelayMs: RETRY_DELAY_MS_DEFAULT,
      statusWaitMs: STATUS_WAIT_MS_DEFAULT,
      pendingMax: PENDING_MAX_DEFAULT,
      finishedMax: FINISHED_MAX_DEFAULT,
      compactBytes: COMPACT_BYTES_DEFAULT,
      ...options,
    };
    const { disk, clock, log } = modules;
    const waits = new Waits(clock);
    const whenFull = () => {
      log.warn("outbox_disk_full", { directory: complete.directory });
      return waits.sleep(DISK_FULL_WAIT_MS);
    };
    const store = await OutboxStore.open({ disk, ...complete, whenFull });
    const outbox = new Outbox(store, waits, complete, modules);
    for (const entry of [...store.pending.values()]) outbox.#carryOut(outbox.#track(entry));
    return outbox;
  }

  /** False when `execute` would refuse a new key. */
  canAcceptWork(): boolean {
    return this.#failure === undefined && this.#store.canAcceptWork() && this.#live.size < this.#options.pendingMax;
  }

  /**
   * Resolves when the transaction is committed; the same key gives the same outcome ever after, over restarts too.
   * A refusal is not kept: the key may be tried again. When it rejects with OUTBOX_CLOSED the outcome is open.
   * @throws EndorseError (see its `contractCode`), CommitError, OutboxError, JournalWriteError
   */
  async execute(
    key: string,
    transaction: string,
    argument: LedgerArgument,
    options: EnqueueOptions = {},
  ): Promise<Committed> {
    const lane = options.lane ?? contractOf(transaction);
    const entry = { ...options, key, lane, transaction, argument: encodeArgument(argument), prepared: null };
    return this.#known(entry) ?? (await this.#take(entry, () => this.#store.enqueue(entry)));
  }

  /**
   * As `execute` for what was prepared elsewhere, such as by an offline creator. A key that is known gives its outcome
   * whatever the bytes. A conflict rejects with CommitError, since only the creator can prepare it anew.
   */
  async executePrepared(
    key: string,
    prepared: PreparedTransaction,
    options: Pick<EnqueueOptions, "lane"> = {},
  ): Promise<Committed> {
    const { transaction } = prepared;
    const lane = options.lane ?? contractOf(transaction);
    const entry = { key, lane, transaction, argument: null, prepared };
    return this.#known(entry) ?? (await this.#take(entry, () => this.#store.prepare(key, lane, prepared)));
  }

  /** Outcome of a key that is done; undefined when it is pending or unknown. */
  outcome(key: string): Committed | undefined {
    const finished = this.#live.has(key) ? undefined : this.#store.finished(key);
    if (finished === undefined) return undefined;
    const { transactionId, blockNumber, result } = finished;
    return { transactionId, blockNumber, result };
  }

  /** What is on its way, oldest first. */
  pending(): PendingKey[] {
    return [...this.#live.values()].map(({ entry: { key, lane, transaction, prepared } }) => {
      return { key, lane, transaction, isPrepared: prepared !== null };
    });
  }

  metrics(): OutboxMetrics {
    return { pending: this.#live.size, ...this.#counts };
  }

  /** Stops; what is pending rejects with OUTBOX_CLOSED and goes on at the next opening. */
  async close(): Promise<void> {
    this.#failure ??= new OutboxError("OUTBOX_CLOSED");
    this.#waits.end();
    await this.#lanes.idle();
    await this.#store.close();
  }

  #known(entry: PendingEntry): Promise<Committed> | undefined {
    const live = this.#live.get(entry.key);
    const hash = live === undefined ? this.#store.finished(entry.key)?.contentHashHex : contentHash(live.entry);
    const isOther = typeof hash === "string" && entry.argument !== null && hash !== contentHash(entry);
    if (isOther) return Promise.reject(new OutboxError("OUTBOX_KEY_CONFLICT", entry.key));
    if (live !== undefined) return live.outcome;
    const committed = this.outcome(entry.key);
    return committed && Promise.resolve(committed);
  }

  async #take(entry: PendingEntry, persist: () => Promise<void>): Promise<Committed> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#live.size >= this.#options.pendingMax) throw new OutboxError("OUTBOX_FULL", entry.key);
    const live = this.#track(entry);
    try {
      await persist();
      // The store's own entry from here on: each of its steps is seen there.
      live.entry = this.#store.pending.get(entry.key) ?? entry;
      this.#carryOut(live);
    } catch (error) {
      if (isFinal(error)) this.#end(live, () => live.reject(error));
      else this.#fail(error);
    }
    return live.outcome;
  }

  #track(entry: PendingEntry): LiveEntry {
    let resolve: LiveEntry["resolve"] = () => undefined;
    let reject: LiveEntry["reject"] = () => undefined;
    const outcome = new Promise<Committed>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    // After a restart nobody may be waiting, and a refusal is logged anyway.
    outcome.catch(() => undefined);
    const live = { entry, outcome, resolve, reject };
    this.#live.set(entry.key, live);
    return live;
  }

  #carryOut(live: LiveEntry): void {
    this.#lanes.add(live.entry.lane, async () => {
      try {
        await this.#carryThrough(live);
      } catch (error) {
        if (error instanceof OutboxError && error.code === "OUTBOX_CLOSED") live.reject(error);
        else this.#fail(error);
      }
    });
  }

  /** Everything that is thrown from here leaves the entry pending. */
  async #carryThrough(live: LiveEntry): Promise<void> {
    const { entry } = live;
    const outcome = await deliver(entry, this.#delivery).catch((error: unknown) => {
      if (isFinal(error)) return { refusal: error };
      throw error;
    });
    if ("refusal" in outcome) {
      await this.#store.drop(entry.key);
      this.#counts.refused += 1;
      this.#log.warn("outbox_refused", { key: entry.key, reason: String(outcome.refusal) });
      this.#end(live, () => live.reject(outcome.refusal));
      return;
    }
    await this.#store.finish(entry, outcome);
    this.#counts.committed += 1;
    this.#end(live, () => live.resolve(outcome));
  }

  #end(live: LiveEntry, settle: () => void): void {
    this.#live.delete(live.entry.key);
    settle();
  }

  /** The journal failed, or this program is wrong: nothing may go on from here. */
  #fail(error: unknown): void {
    this.#log.error("outbox_failed", { reason: String(error) });
    this.#failure ??= error;
    this.#waits.end();
    for (const live of this.#live.values()) live.reject(error);
  }
}

/** Contract of `contract:Transaction`: its transactions share keys, so by default they wait for each other. */
function contractOf(transaction: string): string {
  return transaction.split(":", 1)[0] ?? transaction;
}
