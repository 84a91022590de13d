import type { Clock, Timer } from "./clock.ts";

type Entry = { atUnixMs: number; order: number; callback: () => void; isCancelled: boolean };

/**
 * A clock that moves only when told to. Timers fire in order of time, then of creation; between two timers all
 * promise reactions run to their end, so one seed gives one history.
 */
export class VirtualClock implements Clock {
  #nowUnixMs: number;
  #order = 0;
  readonly #heap: Entry[] = [];

  constructor(startUnixMs: number) {
    this.#nowUnixMs = startUnixMs;
  }

  nowUnixMs(): number {
    return this.#nowUnixMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const atUnixMs = this.#nowUnixMs + Math.max(0, Math.ceil(delayMs));
    const entry: Entry = { atUnixMs, order: this.#order++, callback, isCancelled: false };
    this.#push(entry);
    return {
      cancel() {
        entry.isCancelled = true;
      },
    };
  }

  /** Runs every timer due up to and including `unixMs`, then shows that time. */
  async advanceTo(unixMs: number): Promise<void> {
    await idle();
    for (let next = this.#heap[0]; next !== undefined && next.atUnixMs <= unixMs; next = this.#heap[0]) {
      this.#pop();
      if (next.isCancelled) continue;
      this.#nowUnixMs = next.atUnixMs;
      next.callback();
      await idle();
    }
    this.#nowUnixMs = Math.max(this.#nowUnixMs, unixMs);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let child = heap.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[parent] = heap[child] as Entry;
      parent = child;
    }
    heap[parent] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.atUnixMs < right.atUnixMs || (left.atUnixMs === right.atUnixMs && left.order < right.order);
}

/** All promise reactions run before the event loop's next check phase. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
