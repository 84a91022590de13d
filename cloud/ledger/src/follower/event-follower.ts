import { type Clock, type Disk, type Log, sleep } from "@gridpact/host";
import type { Ledger, LedgerEvent } from "../client/index.ts";

export type EventFollowerOptions<K> = {
  /** File on `disk` that keeps from which block on events have to be read again after a restart. */
  cursorPath: string;
  /** Keys that wait; from it on no further events are read until some are done, and the ledger keeps them meanwhile. */
  waitingMax: number;
  /** What an event gives to wait for. */
  keysOf: (event: LedgerEvent) => Promise<readonly K[]>;
};

/** The stream is the ledger's; what has been done is kept on `disk`. */
export type EventFollowerModules = { clock: Clock; disk: Disk; ledger: Pick<Ledger, "events">; log: Log };

/** A lost stream of events, or a full book, is looked at again after this; no deadline is decided by seconds. */
const LOOK_AGAIN_AFTER_MS = 5_000;

/**
 * Follows the ledger's events and keeps what they give to do, over restarts and broken streams: the next run reads on
 * from the oldest block whose keys are not all done.
 */
export class EventFollower<K> {
  readonly #options: EventFollowerOptions<K>;
  readonly #modules: EventFollowerModules;
  /** Block in which each key was first asked for. */
  readonly #waiting = new Map<K, number>();
  #nextBlock: number;
  #savedBlock: number;
  #isClosed = false;

  private constructor(options: EventFollowerOptions<K>, modules: EventFollowerModules, nextBlock: number) {
    this.#options = options;
    this.#modules = modules;
    this.#nextBlock = nextBlock;
    this.#savedBlock = nextBlock;
  }

  /** Reads on where the last run had nothing left to do. */
  static async open<K>(options: EventFollowerOptions<K>, modules: EventFollowerModules): Promise<EventFollower<K>> {
    const bytes = await modules.disk.read(options.cursorPath);
    const saved = bytes && (JSON.parse(Buffer.from(bytes).toString()) as { nextBlock: number });
    const follower = new EventFollower(options, modules, saved?.nextBlock ?? 0);
    void follower.#follow();
    return follower;
  }

  /** What waits, oldest first. */
  waiting(): K[] {
    return [...this.#waiting.keys()];
  }

  done(key: K): void {
    this.#waiting.delete(key);
  }

  /** Makes durable how far everything is done. */
  async save(): Promise<void> {
    const nextBlock = Math.min(this.#nextBlock, ...this.#waiting.values());
    if (nextBlock === this.#savedBlock) return;
    await this.#modules.disk.replace(this.#options.cursorPath, Buffer.from(JSON.stringify({ nextBlock })));
    this.#savedBlock = nextBlock;
  }

  /** Reads no further events. The stream that is open ends with the process's connection. */
  close(): void {
    this.#isClosed = true;
  }

  async #follow(): Promise<void> {
    const { ledger, clock, log } = this.#modules;
    while (!this.#isClosed) {
      try {
        for await (const event of ledger.events(this.#nextBlock)) {
          if (this.#isClosed) return;
          await this.#note(event);
        }
      } catch (error) {
        log.warn("events_lost", { cursor: this.#options.cursorPath, reason: String(error) });
      }
      await sleep(clock, LOOK_AGAIN_AFTER_MS);
    }
  }

  async #note(event: LedgerEvent): Promise<void> {
    const keys = await this.#options.keysOf(event);
    while (keys.length > 0 && this.#waiting.size >= this.#options.waitingMax) {
      // Not noted, so that the next run reads it again.
      if (this.#isClosed) return;
      await sleep(this.#modules.clock, LOOK_AGAIN_AFTER_MS);
    }
    for (const key of keys) if (!this.#waiting.has(key)) this.#waiting.set(key, event.blockNumber);
    // A block has more than one event, so one that was seen is read again; nothing is done twice by that.
    this.#nextBlock = event.blockNumber;
  }
}
