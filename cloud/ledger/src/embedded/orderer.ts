import { type Clock, sleep } from "@gridpact/host";
import type { OrderedTransaction } from "./channel.ts";

/** When a block is cut, beside its bound of bytes. */
export type BatchOptions = {
  /** A block is cut when so many transactions wait. */
  transactionsMax: number;
  /**
   * How long, on the ledger's clock, the first transaction of a block waits for others, ms. With 0 blocks still hold
   * several transactions under load: all that came while the block before was being made durable.
   */
  timeoutMs: number;
};

/** Nobody waits for a block to fill: under load it fills while the one before is being synced. */
export const BATCH_DEFAULT: BatchOptions = { transactionsMax: 500, timeoutMs: 0 };

/** Envelope bytes in one block, unless a single one is larger; Fabric's default `PreferredMaxBytes`. */
export const BATCH_BYTES_MAX = 2 * 1024 * 1024;

/** One transaction; a block must fit a journal record of 16 MiB. */
export const TRANSACTION_BYTES_MAX = 8 * 1024 * 1024;

/** Transactions that wait for a block: seconds of work at full load. Beyond it the client must come again. */
export const PENDING_TRANSACTIONS_MAX = 10_000;

/** Puts transactions in order and cuts them into blocks, one block at a time. */
export class Orderer {
  readonly #options: BatchOptions;
  readonly #clock: Clock;
  readonly #commit: (batch: OrderedTransaction[]) => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  readonly #pendingIds = new Set<string>();
  #pending: OrderedTransaction[] = [];
  /** The work on what is pending; undefined when there is none. */
  #running: Promise<void> | undefined;
  #onFull: () => void = () => undefined;
  #isClosed = false;

  constructor(
    options: BatchOptions,
    modules: {
      clock: Clock;
      commit: (batch: OrderedTransaction[]) => Promise<void>;
      /** A block could not be made durable; nothing is ordered any more. */
      onFailure: (error: unknown) => void;
    },
  ) {
    this.#options = options;
    this.#clock = modules.clock;
    this.#commit = modules.commit;
    this.#onFailure = modules.onFailure;
  }

  canAcceptWork(): boolean {
    return !this.#isClosed && this.#pending.length < PENDING_TRANSACTIONS_MAX;
  }

  isPending(transactionId: string): boolean {
    return this.#pendingIds.has(transactionId);
  }

  /** Takes a transaction in; MUST NOT be called when `canAcceptWork` says no. */
  enqueue(transaction: OrderedTransaction): void {
    this.#pending.push(transaction);
    this.#pendingIds.add(transaction.transaction.header.transactionId);
    if (this.#pending.length >= this.#options.transactionsMax) this.#onFull();
    this.#start();
  }

  /** Takes nothing in any more; resolves when what had been taken in is committed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#onFull();
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#commitAll();
  }

  async #commitAll(): Promise<void> {
    try {
      while (this.#pending.length > 0) await this.#commitBatch();
    } catch (error) {
      this.#isClosed = true;
      this.#pending = [];
      this.#onFailure(error);
    } finally {
      // In the same step as the last look at what is pending: what comes after it starts the work anew.
      this.#running = undefined;
    }
  }

  async #commitBatch(): Promise<void> {
    await this.#waitForBatch();
    const batch = this.#pending.slice(0, this.#batchLength());
    this.#pending = this.#pending.slice(batch.length);
    await this.#commit(batch);
    for (const { transaction } of batch) this.#pendingIds.delete(transaction.header.transactionId);
  }

  async #waitForBatch(): Promise<void> {
    const { timeoutMs, transactionsMax } = this.#options;
    if (this.#isClosed || timeoutMs === 0 || this.#pending.length >= transactionsMax) return;
    const isFull = new Promise<void>((resolve) => {
      this.#onFull = resolve;
    });
    await Promise.race([sleep(this.#clock, timeoutMs), isFull]);
  }

  #batchLength(): number {
    let bytes = 0;
    for (const [index, { envelopeBytes }] of this.#pending.entries()) {
      bytes += envelopeBytes.length;
      const isOver = index === this.#options.transactionsMax || bytes > BATCH_BYTES_MAX;
      if (isOver && index > 0) return index;
    }
    return this.#pending.length;
  }
}
