import type { Clock, Log } from "@gridpact/host";
import { type BatchOutcome, type Engine, rootOfLeaves } from "@gridpact/native";
import { BackgroundTask } from "../background/index.ts";
import type { LedgerOutbox } from "../ledger-outbox.ts";
import type { LogView } from "../view/index.ts";
import { AnchorError } from "./anchor-error.ts";
import type { Batch, BatchIndex } from "./batch-index.ts";
import { readLeaves } from "./logged-leaves.ts";
import { OpenBatch } from "./open-batch.ts";

/**
 * A batch with so many leaves ends once it has been open for a second: one root a second, and its file and transaction,
 * serve however much a busy VN takes in.
 */
export const LEAVES_WORTH_A_BATCH = 1_024;
export const BATCH_PERIOD_MS = 1_000;

/** A batch ends at once with so many: a proof reads and hashes all of them, which takes some 30 ms. */
export const LEAVES_MAX_DEFAULT = 16_384;

/**
 * A batch that is not full is closed this long after the end of a market time unit, so that the readings made right on
 * the boundary, which settlement needs, are in it and not in the next one.
 */
export const GRACE_MS_DEFAULT = 30_000;

/** Ended batches that the disk has not taken yet; at the bound no more envelopes are let in. */
export const ENDED_BATCHES_MAX = 64;

/** `leavesMax` and `graceMs` are those of the defaults above; `mtuMs` MUST be the engine's. */
export type AnchorOptions = { vnId: string; mtuMs: number; leavesMax: number; graceMs: number };

export type AnchorModules = {
  clock: Clock;
  engine: Engine;
  index: BatchIndex;
  outbox: LedgerOutbox;
  log: Log;
  /** Told when the log on disk is not what was accepted; the process MUST end. */
  onFatal: (error: unknown) => void;
};

const HASH_BYTES = 32;

/**
 * Puts accepted envelopes, in the order of the log, into Merkle batches and their roots onto the ledger, in sequence.
 * ```
 *   MTU          MTU          MTU            a batch ends when full (F), a second after it began if it is worth it (F),
 *    |            |            |             or a grace after an MTU in which it began (G)
 *    |--batch-F-batch--G--batch--G--
 * ```
 * A batch counts once it is in the durable index; what was collected since then is collected again after a crash.
 */
export class Anchor implements LogView {
  readonly #options: AnchorOptions;
  readonly #modules: AnchorModules;
  readonly #closing: BackgroundTask;
  readonly #committing: BackgroundTask;
  #cursor: bigint;
  #open: OpenBatch;
  #openedAtUnixMs: number | undefined;
  /** Full, or ended by the clock, and not in the durable index yet. */
  #ended: OpenBatch[] = [];

  constructor(options: AnchorOptions, modules: AnchorModules) {
    this.#options = options;
    this.#modules = modules;
    const { log } = modules;
    this.#open = new OpenBatch(options.leavesMax);
    this.#cursor = modules.index.nextWalSeq();
    this.#closing = new BackgroundTask("closing_batches", { log, run: () => this.#closeEnded() });
    this.#committing = new BackgroundTask("anchoring", { log, run: () => this.#commitClosed() });
  }

  cursor(): bigint {
    return this.#cursor;
  }

  apply(outcome: BatchOutcome, nextWalSeq: bigint): void {
    const hashes = outcome.leafHashes();
    const leaves = hashes.length / HASH_BYTES;
    for (let first = 0; first < leaves; ) {
      const count = Math.min(this.#open.room(), leaves - first);
      this.#open.add(hashes, { first, count, lastWalSeq: outcome.walSeqOf(first + count - 1) });
      first += count;
      if (this.#open.room() === 0) this.#end();
    }
    this.#endIfWorthIt();
    this.#cursor = nextWalSeq;
    if (this.#ended.length > 0) this.#closing.wake();
  }

  /** Ends the open batch if its time has come, and tries again what failed before. */
  tick(): void {
    const now = this.#modules.clock.nowUnixMs();
    if (this.#open.size() > 0 && this.#period(now) > this.#period(this.#openedAtUnixMs ?? now)) this.#end();
    this.#closing.wake();
    this.#committing.wake();
  }

  canAcceptWork(): boolean {
    return this.#ended.length < ENDED_BATCHES_MAX;
  }

  /** The work behind it, to be waited for and stopped. */
  tasks(): BackgroundTask[] {
    return [this.#closing, this.#committing];
  }

  /** Envelopes that no durable batch holds yet. */
  openLeaves(): number {
    return this.#open.size() + this.#ended.reduce((sum, batch) => sum + batch.size(), 0);
  }

  /** Number of the market time unit, counted with the grace; a batch ends with the unit in which it began. */
  #period(unixMs: number): number {
    return Math.floor((unixMs - this.#options.graceMs) / this.#options.mtuMs);
  }

  #endIfWorthIt(): void {
    if (this.#open.size() === 0) return;
    const now = this.#modules.clock.nowUnixMs();
    this.#openedAtUnixMs ??= now;
    if (this.#open.size() >= LEAVES_WORTH_A_BATCH && now - this.#openedAtUnixMs >= BATCH_PERIOD_MS) this.#end();
  }

  /** From here on the batch does not change; the rest is up to the disk and the ledger. */
  #end(): void {
    this.#ended.push(this.#open);
    this.#open = new OpenBatch(this.#options.leavesMax);
    this.#openedAtUnixMs = undefined;
  }

  /** In order, since each batch begins where the one before ended. */
  async #closeEnded(): Promise<void> {
    for (let batch = this.#ended[0]; batch !== undefined; batch = this.#ended[0]) {
      if (this.#closing.isStopped()) return;
      await this.#close(batch);
      this.#ended.shift();
      this.#committing.wake();
    }
  }

  /** The root is that of the bytes on disk; that it equals what was accepted shows that the log is whole. */
  async #close(batch: OpenBatch): Promise<void> {
    const { index, engine, log } = this.#modules;
    const batchNo = index.nextBatchNo();
    const firstWalSeq = index.nextWalSeq();
    const endWalSeq = batch.endWalSeq();
    const logged = await readLeaves(engine, firstWalSeq, endWalSeq);
    const rootHex = rootHexOf(logged.hashes);
    if (Buffer.compare(logged.hashes, batch.hashes()) !== 0) {
      const acceptedRootHex = rootHexOf(batch.hashes());
      const error = new AnchorError(batchNo, `the log has root ${rootHex}, accepted was ${acceptedRootHex}`);
      this.#modules.onFatal(error);
      throw error;
    }
    const size = batch.size();
    await index.append({ batchNo, firstWalSeq, endWalSeq, size, rootHex, prevRootHex: index.lastRootHex() });
    log.info("batch_closed", { batchNo, size, rootHex });
  }

  /** In sequence, one at a time: the contract takes a batch only after the one before. */
  async #commitClosed(): Promise<void> {
    const { index } = this.#modules;
    for (let batch = index.find(index.anchoredCount()); batch !== undefined; ) {
      await this.#commit(batch);
      if (this.#committing.isStopped()) return;
      batch = index.find(index.anchoredCount());
    }
  }

  async #commit({ batchNo, size, rootHex, prevRootHex }: Batch): Promise<void> {
    const { outbox, index, log } = this.#modules;
    const { vnId } = this.#options;
    const argument = { vnId, batchNo, size, rootHex, prevRootHex };
    const receipt = await outbox.execute(`anchor/${vnId}/${batchNo}`, "anchors:CommitAnchor", argument);
    if (this.#committing.isStopped()) return;
    const { transactionId, blockNumber } = receipt;
    await index.setAnchored(batchNo, { transactionId, blockNumber });
    log.info("batch_anchored", { batchNo, transactionId, blockNumber });
  }
}

function rootHexOf(leafHashes: Uint8Array): string {
  return Buffer.from(rootOfLeaves(leafHashes)).toString("hex");
}
