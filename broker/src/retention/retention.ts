import { strict as assert } from "node:assert";
import type { Clock, Log } from "@gridpact/host";
import { type Engine, EngineError, type LogSegment } from "@gridpact/native";
import { BackgroundTask } from "../background/index.ts";
import { DAY_MS } from "../time-spans.ts";

/** A device's clock may be five minutes ahead, and a host's may have been set back: a day covers both. */
const CLOCK_MARGIN_MS = DAY_MS;

/** Time between two looks: a segment of 64 MiB takes a busy node some minutes to fill. */
export const LOOK_PERIOD_MS = 600_000;

/** What becomes of closed segments that are older than `keepMs`, by the time of receipt; as the engine was opened. */
export type RetentionPolicy = { keepMs: number; fate: "archived" | "deleted" };

/** What the metrics show of it; how much is still there, the engine's own counters say. */
export type RetentionCounts = {
  /** Segments retired since the start. */
  retiredSegments: number;
  /** What becomes of them; undefined when all are kept. */
  fate: RetentionPolicy["fate"] | undefined;
  /** When the log's first record was received; undefined as long as there is none. */
  oldestReceivedAtUnixMs: number | undefined;
};

export type RetentionModules = {
  clock: Clock;
  engine: Engine;
  log: Log;
  /** The last position up to the given one before which no view reads the log any more. */
  releasedUntil: (walSeq: bigint) => bigint;
  /** Told when the log cannot be trusted any more; the process MUST end. */
  onFatal: (error: unknown) => void;
};

/**
 * Retires closed segments of the log once three say that they are not needed: time, the views, and whoever settles.
 * ```
 *   segments   |   0   |   1   |   2   |   3   |   4 ...
 *   by time    older than keepMs ------>|                     received before; nothing in them was measured later
 *   by views   on every disk, anchored ---------->|           and no Merkle batch on both sides of the cut
 *   by events  earliest boundary of what is not settled -->|  nothing is retired before it was told
 *   retired    |   0   |   1   |
 * ```
 */
export class Retention {
  readonly #policy: RetentionPolicy | undefined;
  readonly #modules: RetentionModules;
  readonly #task: BackgroundTask;
  #neededSinceUnixMs: (() => number) | undefined;
  #nextLookUnixMs = Number.NEGATIVE_INFINITY;
  #retiredSegments = 0;
  #oldestReceivedAtUnixMs: number | undefined;

  /** @param policy without one all is kept, and only looked at */
  constructor(policy: RetentionPolicy | undefined, modules: RetentionModules) {
    const fate = modules.engine.isArchiving ? "archived" : "deleted";
    assert(policy === undefined || policy.fate === fate, "the engine has an archive if segments are to be archived");
    this.#policy = policy;
    this.#modules = modules;
    this.#task = new BackgroundTask("retention", { log: modules.log, run: () => this.#run() });
  }

  /** The work behind it, to be waited for and stopped. */
  task(): BackgroundTask {
    return this.#task;
  }

  /**
   * Who settles tells since when readings may still have to be proven, infinity for none. Until then nothing is
   * retired: a host that has just started does not know yet.
   */
  hold(neededSinceUnixMs: () => number): void {
    this.#neededSinceUnixMs = neededSinceUnixMs;
    this.#nextLookUnixMs = Number.NEGATIVE_INFINITY;
  }

  /** Looks at the log when it is time. */
  tick(): void {
    const now = this.#modules.clock.nowUnixMs();
    if (now < this.#nextLookUnixMs) return;
    this.#nextLookUnixMs = now + LOOK_PERIOD_MS;
    this.#task.wake();
  }

  counts(): RetentionCounts {
    return {
      retiredSegments: this.#retiredSegments,
      fate: this.#policy?.fate,
      oldestReceivedAtUnixMs: this.#oldestReceivedAtUnixMs,
    };
  }

  async #run(): Promise<void> {
    for (let isDone = false; !isDone && !this.#task.isStopped(); ) {
      const segments = await this.#modules.engine.segments();
      const before = await this.#retirableBefore(segments);
      isDone = before === undefined || (await this.#retire(segments, before)) === 0;
    }
    const [first] = await this.#modules.engine.segments();
    this.#oldestReceivedAtUnixMs = first && (await this.#receivedAt(first.firstWalSeq));
  }

  /** Position before which segments may go; undefined when there is none. */
  async #retirableBefore(segments: readonly LogSegment[]): Promise<bigint | undefined> {
    if (this.#policy === undefined || this.#neededSinceUnixMs === undefined) return undefined;
    const oldUnixMs = this.#modules.clock.nowUnixMs() - this.#policy.keepMs;
    const before = await this.#receivedBefore(
      segments,
      Math.min(oldUnixMs, this.#neededSinceUnixMs() - CLOCK_MARGIN_MS),
    );
    return before === undefined ? undefined : this.#modules.releasedUntil(before);
  }

  /** End of the last closed segment all of which was received before an instant. */
  async #receivedBefore(segments: readonly LogSegment[], unixMs: number): Promise<bigint | undefined> {
    let before: bigint | undefined;
    for (const { isClosed, endWalSeq } of segments) {
      // The first record after a segment was received no earlier than what is in it.
      const receivedAt = isClosed ? await this.#receivedAt(endWalSeq) : undefined;
      if (receivedAt === undefined || receivedAt >= unixMs) return before;
      before = endWalSeq;
    }
    return before;
  }

  async #receivedAt(walSeq: bigint): Promise<number | undefined> {
    const [record] = await this.#modules.engine.readLog(walSeq, 1);
    return record?.walSeq === walSeq ? record.receivedAtUnixMs : undefined;
  }

  /** Retires some of the segments; resolves with how many. */
  async #retire(segments: readonly LogSegment[], before: bigint): Promise<number> {
    const { engine, log, onFatal } = this.#modules;
    try {
      const firstWalSeq = await engine.retire(before);
      const retired = segments.filter(({ endWalSeq }) => endWalSeq <= firstWalSeq);
      this.#retiredSegments += retired.length;
      const sizeBytes = retired.reduce((sum, segment) => sum + segment.sizeBytes, 0);
      const fate = this.#policy?.fate;
      if (retired.length > 0) log.info("segments_retired", { segments: retired.length, sizeBytes, firstWalSeq, fate });
      return retired.length;
    } catch (error) {
      if (error instanceof EngineError && error.code === "WAL_IO") onFatal(error);
      throw error;
    }
  }
}
