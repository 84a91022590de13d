import type { Clock, Log, Timer } from "@gridpact/host";
import { BackgroundTask } from "../background/index.ts";
import { type ReadingLog, type ReadingStore, StoreError } from "./reading-store.ts";

/** Pause after a store that failed: soon noticed when it is back, and next to nothing while it is away. It doubles. */
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 8_000;

/**
 * Brings accepted readings into the store, in order and beside the acknowledgement path. It reads them from the log,
 * just written or long ago: so it keeps nothing in memory however long the store is away, and needs no way back to the
 * log from batches that it had in memory.
 */
export class StoreFeed {
  readonly #store: ReadingStore;
  readonly #modules: { engine: ReadingLog; log: Log; clock: Clock };
  readonly #task: BackgroundTask;
  /** Undefined until the store has been asked. */
  #cursor: bigint | undefined;
  #storedReadings = 0;
  #failuresInARow = 0;
  #retry: Timer | undefined;

  constructor(store: ReadingStore, modules: { engine: ReadingLog; log: Log; clock: Clock }) {
    this.#store = store;
    this.#modules = modules;
    this.#task = new BackgroundTask("store", { log: modules.log, run: () => this.#run() });
  }

  /** The work behind it, to be woken when the log has grown, waited for and stopped. */
  task(): BackgroundTask {
    return this.#task;
  }

  /** Position in the log that the store has reached; 0 as long as it has not answered. */
  cursor(): bigint {
    return this.#cursor ?? 0n;
  }

  /** Readings written since the start, repeated ones included. */
  storedReadings(): number {
    return this.#storedReadings;
  }

  /** While a pause lasts, whoever wakes the task wakes it for nothing: the end of the pause does so again. */
  async #run(): Promise<void> {
    if (this.#retry !== undefined) return;
    try {
      this.#cursor ??= await this.#store.cursor();
      while (!this.#task.isStopped() && (await this.#copy())) this.#failuresInARow = 0;
    } catch (error) {
      this.#pause(error);
      throw error;
    }
  }

  /** False at the end of the log. */
  async #copy(): Promise<boolean> {
    const before = this.cursor();
    const { readings, nextWalSeq } = await this.#store.copyFrom(this.#modules.engine, before);
    this.#cursor = nextWalSeq;
    this.#storedReadings += readings;
    return nextWalSeq > before;
  }

  #pause(error: unknown): void {
    const askedForMs = error instanceof StoreError ? (error.retryAfterMs ?? 0) : 0;
    const pauseMs = Math.min(RETRY_MS_MIN * 2 ** this.#failuresInARow, RETRY_MS_MAX);
    this.#failuresInARow += 1;
    this.#retry = this.#modules.clock.after(Math.max(pauseMs, askedForMs), () => {
      this.#retry = undefined;
      this.#task.wake();
    });
  }
}
