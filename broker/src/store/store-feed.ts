import type { Clock, Log, Timer } from "@gridpact/host";
import type { BatchOutcome, Engine, LoggedReadings } from "@gridpact/native";
import { BackgroundTask } from "../background/index.ts";
import { type ReadingStore, type StoreBatch, StoreError } from "./reading-store.ts";
import { RecordsPerRead } from "./records-per-read.ts";

/**
 * Readings of fresh batches that wait for the store, at some 200 bytes each. Beyond it they are dropped from memory, as
 * the log has them, and the store reads the log from its cursor instead.
 */
export const READINGS_WAITING_MAX = 200_000;

/** Readings of one write: 1 MB of line protocol, taken in 0.1 s; smaller writes cost InfluxDB more a reading. */
export const READINGS_PER_WRITE = 10_000;

/** Pause after a store that failed: soon noticed when it is back, and next to nothing while it is away. It doubles. */
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 8_000;

/**
 * Brings accepted readings into the store, in order and beside the acknowledgement path. While the store keeps up it
 * gets the batches as they were made durable; after an outage, or a restart, it catches up from the log. Either way one
 * write is under way at a time, so what is in memory is bounded however long the store is away.
 */
export class StoreFeed {
  readonly #store: ReadingStore;
  readonly #modules: { engine: Engine; log: Log; clock: Clock };
  readonly #task: BackgroundTask;
  readonly #recordsPerRead = new RecordsPerRead(READINGS_PER_WRITE);
  #waiting: BatchOutcome[] = [];
  #waitingReadings = 0;
  /** Read from the log and not written yet: a store that fails does not have the log read again. */
  #read: LoggedReadings | undefined;
  /** Undefined until the store has been asked. */
  #cursor: bigint | undefined;
  #isBehind = true;
  #hasMissed = false;
  #storedReadings = 0;
  #failuresInARow = 0;
  #retry: Timer | undefined;

  constructor(store: ReadingStore, modules: { engine: Engine; log: Log; clock: Clock }) {
    this.#store = store;
    this.#modules = modules;
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

  /** Readings that wait in memory. */
  waitingReadings(): number {
    return this.#waitingReadings;
  }

  /** While a pause lasts, whoever wakes the task wakes it for nothing: the end of the pause does so again. */
  async #run(): Promise<void> {
    if (this.#retry !== undefined) return;
    try {
      this.#cursor ??= await this.#store.cursor();
      while (!this.#task.isStopped() && (this.#isBehind || this.#waiting.length > 0)) {
        if (this.#isBehind) await this.#catchUp();
        else await this.#writeWaiting();
      }
      this.#failuresInARow = 0;
    } catch (error) {
      this.#pause(error);
      throw error;
    }
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

  async #writeWaiting(): Promise<void> {
    const batches = this.#nextBatches();
    const [first, last] = [batches[0] as BatchOutcome, batches.at(-1) as BatchOutcome];
    const cursor = this.cursor();
    const end = last.walRange?.end ?? cursor;
    if ((first.walRange?.start ?? cursor) < cursor && end > cursor) {
      // A part of it came with the log already: only the log can give the other part.
      this.#fallBehind();
      return;
    }
    if (end > cursor) await this.#write(batches, end);
    // While it was written, a full queue may have been dropped.
    if (this.#waiting[0] !== first) return;
    this.#waiting.splice(0, batches.length);
    for (const { readingCount } of batches) this.#waitingReadings -= readingCount;
  }

  /** As many whole batches as fit one write, at least one. */
  #nextBatches(): BatchOutcome[] {
    let readings = 0;
    const beyond = this.#waiting.findIndex(({ readingCount }, index) => {
      readings += readingCount;
      return index > 0 && readings > READINGS_PER_WRITE;
    });
    return beyond < 0 ? [...this.#waiting] : this.#waiting.slice(0, beyond);
  }

  async #catchUp(): Promise<void> {
    this.#hasMissed = false;
    this.#read ??= await this.#modules.engine.loggedReadings(this.cursor(), this.#recordsPerRead.next());
    const { readings, nextWalSeq } = this.#read;
    const records = Number(nextWalSeq - this.cursor());
    if (records > 0) {
      await this.#write([readings], nextWalSeq);
      this.#recordsPerRead.learn({ records, readings: readings.readingCount });
    } else if (!this.#hasMissed) {
      // At the end, and nothing was offered since the log was read: from here on batches come whole.
      this.#isBehind = false;
    }
    this.#read = undefined;
  }

  async #write(parts: readonly LoggedReadings["readings"][], nextWalSeq: bigint): Promise<void> {
    const batch: StoreBatch = {
      // A store asks for one of them only, and the engine may keep no more.
      get readings() {
        return parts.flatMap(({ readings }) => readings);
      },
      get lineProtocol() {
        return parts.length === 1 && parts[0] ? parts[0].lineProtocol : joined(parts);
      },
      nextWalSeq,
    };
    await this.#store.write(batch);
    this.#cursor = nextWalSeq;
    for (const { readingCount } of parts) this.#storedReadings += readingCount;
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#waiting = [];
    this.#waitingReadings = 0;
  }
}

function joined(parts: readonly LoggedReadings["readings"][]): Uint8Array {
  return Buffer.concat(parts.map(({ lineProtocol }) => lineProtocol));
}
