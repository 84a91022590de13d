import { type Clock, type Disk, type Log, sleep } from "@gridpact/host";
import type { BatchOutcome, Engine } from "@gridpact/native";
import { Anchor, BatchIndex, InclusionProofs } from "../anchor/index.ts";
import { BackgroundTask } from "../background/index.ts";
import { EvidenceIndex, type EvidenceSource, LogEvidence } from "../evidence/index.ts";
import type { LedgerOutbox } from "../ledger-outbox.ts";
import { type ReadingStore, StoreFeed } from "../store/index.ts";
import { type CheckpointedView, catchUp, endOf } from "../view/index.ts";
import { LatestReadings, WindowView } from "../window/index.ts";

export type NodeViewOptions = { vnId: string; mtuMs: number; anchorLeavesMax: number; anchorGraceMs: number };

/** `onFatal` is told when the log does not hold what was accepted; the process MUST end. */
export type NodeViewModules = {
  clock: Clock;
  disk: Disk;
  engine: Engine;
  outbox: LedgerOutbox;
  log: Log;
  store?: ReadingStore | undefined;
  onFatal: (error: unknown) => void;
};

/** Records of the log between two checkpoints; as many are replayed at most at the next start, in a second or two. */
const CHECKPOINT_RECORDS = 32_768n;

/** Pause before sockets are read again after a view held them back: a checkpoint takes about as long. */
const FULL_VIEW_PAUSE_MS = 100;

/**
 * Everything that is derived from the log: windows, newest readings, evidence, Merkle batches, and the store. The ones
 * in memory see each batch before it is acknowledged, which costs microseconds; the store, which may be away, reads
 * the log by itself.
 */
export class NodeViews {
  readonly windows: WindowView;
  readonly latestReadings: LatestReadings;
  readonly evidence: EvidenceSource;
  readonly batches: BatchIndex;
  readonly storeFeed: StoreFeed | undefined;
  readonly anchor: Anchor;
  readonly #modules: NodeViewModules;
  readonly #evidenceIndex: EvidenceIndex;
  readonly #checkpoints: BackgroundTask;
  #isClosing = false;

  private constructor(
    options: NodeViewOptions,
    modules: NodeViewModules,
    kept: {
      windows: WindowView;
      latestReadings: LatestReadings;
      evidenceIndex: EvidenceIndex;
      batches: BatchIndex;
    },
  ) {
    const { engine, log, clock, store } = modules;
    const { windows, latestReadings, evidenceIndex, batches } = kept;
    this.#modules = modules;
    this.windows = windows;
    this.latestReadings = latestReadings;
    this.batches = batches;
    this.#evidenceIndex = evidenceIndex;
    this.evidence = new LogEvidence({ index: evidenceIndex, proofs: new InclusionProofs(batches, engine), engine });
    const { vnId, mtuMs, anchorLeavesMax: leavesMax, anchorGraceMs: graceMs } = options;
    this.anchor = new Anchor({ vnId, mtuMs, leavesMax, graceMs }, { ...modules, index: batches });
    this.storeFeed = store && new StoreFeed(store, { engine, log, clock });
    this.#checkpoints = new BackgroundTask("checkpoints", { log, run: () => this.#writeCheckpoints() });
  }

  /** Opens what is on the disk and applies what the log has beyond it. */
  static async open(options: NodeViewOptions, modules: NodeViewModules): Promise<NodeViews> {
    const windows = await WindowView.open(modules.disk);
    const latestReadings = await LatestReadings.open(modules.disk);
    const evidenceIndex = await EvidenceIndex.open(modules.disk, options.mtuMs);
    const batches = await BatchIndex.open(modules.disk);
    const views = new NodeViews(options, modules, { windows, latestReadings, evidenceIndex, batches });
    await catchUp(modules.engine, [...views.#checkpointed(), views.anchor]);
    views.storeFeed?.task().wake();
    return views;
  }

  /** Applies a batch that has just become durable. */
  apply(outcome: BatchOutcome): void {
    const nextWalSeq = endOf(outcome);
    if (nextWalSeq === undefined) return;
    for (const view of [...this.#checkpointed(), this.anchor]) view.apply(outcome, nextWalSeq);
    this.storeFeed?.task().wake();
  }

  /** Position in the log that the views in memory have reached. */
  cursor(): bigint {
    return this.anchor.cursor();
  }

  /**
   * The last position up to `walSeq` before which no view reads the log any more: all have it on their disks, it is
   * anchored, and no batch has leaves on both sides, as a proof reads all leaves of its batch.
   */
  releasedUntil(walSeq: bigint): bigint {
    const stored = this.storeFeed === undefined ? [] : [this.storeFeed.cursor()];
    const kept = this.#checkpointed().map((view) => view.checkpointCursor());
    const durable = [...kept, ...stored, this.batches.anchoredWalSeq()];
    const until = durable.reduce((least, cursor) => (cursor < least ? cursor : least), walSeq);
    return this.batches.batchOf(until)?.firstWalSeq ?? until;
  }

  /** False when a view has reached the bound of what it may keep before it is on disk. */
  canAcceptWork(): boolean {
    return this.#evidenceIndex.canAcceptWork() && this.anchor.canAcceptWork();
  }

  /** Resolves after a while in which the views had a chance to make room. */
  async pause(): Promise<void> {
    this.#checkpoints.wake();
    await sleep(this.#modules.clock, FULL_VIEW_PAUSE_MS);
  }

  /** Ends batches whose time has come, writes checkpoints that are due, tries again what failed. */
  async tick(): Promise<void> {
    this.anchor.tick();
    this.storeFeed?.task().wake();
    this.#checkpoints.wake();
    await this.#checkpoints.idle();
  }

  /** Work beside the acknowledgement path, for metrics. */
  tasks(): BackgroundTask[] {
    const tasks = [...this.anchor.tasks(), this.#checkpoints];
    if (this.storeFeed !== undefined) tasks.push(this.storeFeed.task());
    return tasks;
  }

  /** Writes last checkpoints and begins nothing more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#checkpoints.wake();
    await this.#checkpoints.idle();
    for (const task of this.tasks()) task.stop();
    // The store's owner closes it next. The ledger is not waited for: it may never answer.
    await this.storeFeed?.task().idle();
  }

  /** Those with a state of their own on disk. The anchor's is its index of batches. */
  #checkpointed(): CheckpointedView[] {
    return [this.windows, this.latestReadings, this.#evidenceIndex];
  }

  async #writeCheckpoints(): Promise<void> {
    for (const view of this.#checkpointed()) if (this.#isDue(view)) await view.checkpoint();
  }

  /** A checkpoint is due by the length of the replay that it saves, at the end, and when memory runs short. */
  #isDue(view: CheckpointedView): boolean {
    const records = view.cursor() - view.checkpointCursor();
    return records >= CHECKPOINT_RECORDS || (this.#isClosing && records > 0n) || !this.#evidenceIndex.canAcceptWork();
  }
}
