import type { AppendFile, Clock, Disk, Timer } from "@gridpact/host";

/**
 * One life of a simulated process. When it is killed its timers never fire again and its calls over the network never
 * come back, so that the objects of a dead process cannot act.
 */
export class Incarnation {
  #isAlive = true;
  readonly #onDeath = new Set<() => void>();

  isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
    for (const callback of this.#onDeath) callback();
    this.#onDeath.clear();
  }

  /** Calls back at death, or at once when it has come; the result forgets the callback. */
  onDeath(callback: () => void): () => void {
    if (this.#isAlive) this.#onDeath.add(callback);
    else callback();
    return () => this.#onDeath.delete(callback);
  }

  /** The world's clock, as this life sees it. */
  clock(world: Clock): Clock {
    return {
      nowUnixMs: () => world.nowUnixMs(),
      after: (delayMs, callback): Timer =>
        world.after(delayMs, () => {
          if (this.#isAlive) callback();
        }),
    };
  }

  /** The process's disk, as this life sees it: what a dead process still asks for never happens. */
  disk(real: Disk): Disk {
    const ifAlive = <T>(act: () => Promise<T>): Promise<T> => (this.#isAlive ? act() : never());
    return {
      openAppend: (path) => ifAlive(async () => this.#file(await real.openAppend(path))),
      read: (path) => ifAlive(() => real.read(path)),
      replace: (path, bytes) => ifAlive(() => real.replace(path, bytes)),
      list: (path) => ifAlive(() => real.list(path)),
      remove: (path) => ifAlive(() => real.remove(path)),
    };
  }

  #file(real: AppendFile): AppendFile {
    const ifAlive = <T>(act: () => Promise<T>): Promise<T> => (this.#isAlive ? act() : never());
    return {
      sizeBytes: () => real.sizeBytes(),
      append: (bytes) => ifAlive(() => real.append(bytes)),
      sync: () => ifAlive(() => real.sync()),
      truncate: (sizeBytes) => ifAlive(() => real.truncate(sizeBytes)),
      close: () => ifAlive(() => real.close()),
    };
  }
}

/** The promise of a process that is gone. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
