import type { Log } from "@gridpact/host";
import type { BatchOutcome, Engine } from "@gridpact/native";
import { BackgroundTask } from "../background/index.ts";
import { endOf, REPLAY_RECORDS_MAX } from "../view/index.ts";
import type { ReadingStore } from "./reading-store.ts";

/**
 * Readings of fresh batches that wait for the store. Beyond it they are dropped from memory, as the log has them, and
 * the store reads the log from its cursor instead.
 */
export const READINGS_WAITING_MAX = 200_000;

/**
 * Brings accepted readings into the store, in order and beside the acknowledgement path. While the store keeps up it
 * gets each batch as it was made durable; after an outage, or a restart, it catches up from the log.
 */
export class StoreFeed {
  readonly #store: ReadingStore;
  readonly #engine: Engine;
  readonly #task: BackgroundTask;
  #waiting: BatchOutcome[] = [];
  #waitingReadings = 0;
  /** Undefined until the store has been asked. */
  #cursor: bigint | undefined;
  #isBehind = true;
  #hasMissed = false;
  #storedReadings = 0;

  constructor(store: ReadingStore, modules: { engine: Engine; log: Log }) {
    this.#store = store;
    this.#engine = modules.engine;
    this.#task = new BackgroundTask("store", { log: modules.log, run: () => this.#run() });
  }

  /** The work behind it, to be woken, waited for and stopped. */
  task(): BackgroundTask {
    return this.#task;
  }

  /** Takes note of a durable batch. */
  offer(outcome: BatchOutcome): void {
    if (outcome.readingCount === 0) return;
    if (!this.#isBehind && this.#waitingReadings + outcome.readingCount <= READINGS_WAITING_MAX) {
      this.#waiting.push(outcome);
      this.#waitingReadings += outcome.readingCount;
    } else {
      this.#fallBehind();
      this.#hasMissed = true;
    }
    this.#task.wake();
  }

  /** Position in the log that the store has reached; 0 as long as it has not answered. */
  cursor(): bigint {
    return this.#cursor ?? 0n;
  }

  /** Whether the store reads from the log because it cannot keep up, or was away. */
  isBehind(): boolean {
    return this.#isBehind;
  }

  /** Readings written since the start, repeated ones included. */
  storedReadings(): number {
    return this.#storedReadings;
  }

  async #run(): Promise<void> {
    this.#cursor ??= await this.#store.cursor();
    while (!this.#task.isStopped() && (this.#isBehind || this.#waiting.length > 0)) {
      if (this.#isBehind) await this.#catchUp();
      else await this.#writeNext();
    }
  }

  async #writeNext(): Promise<void> {
    const outcome = this.#waiting[0] as BatchOutcome;
    const cursor = this.cursor();
    const nextWalSeq = endOf(outcome) as bigint;
    const firstWalSeq = outcome.walRange?.start ?? nextWalSeq;
    if (firstWalSeq < cursor && nextWalSeq > cursor) {
      // Half of it came with the log already: only the log can give the other half.
      this.#fallBehind();
      return;
    }
    if (firstWalSeq >= cursor) await this.#write(outcome, nextWalSeq);
    // While it was written, a full queue may have been dropped.
    if (this.#waiting[0] !== outcome) return;
    this.#waiting.shift();
    this.#waitingReadings -= outcome.readingCount;
  }

  async #catchUp(): Promise<void> {
    this.#hasMissed = false;
    const { outcome, nextWalSeq } = await this.#engine.replay(this.cursor(), REPLAY_RECORDS_MAX);
    if (nextWalSeq > this.cursor()) await this.#write(outcome, nextWalSeq);
    // At the end, and nothing was offered since the log was read: from here on batches come whole.
    else if (!this.#hasMissed) this.#isBehind = false;
  }

  async #write(outcome: BatchOutcome, nextWalSeq: bigint): Promise<void> {
    const { lineProtocol, readingCount } = outcome;
    // A store that takes line protocol never asks for the objects.
    const batch = {
      get readings() {
        return outcome.readings;
      },
      lineProtocol,
      nextWalSeq,
    };
    await this.#store.write(batch);
    this.#cursor = nextWalSeq;
    this.#storedReadings += readingCount;
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#waiting = [];
    this.#waitingReadings = 0;
  }
}
