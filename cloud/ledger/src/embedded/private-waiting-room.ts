/** Private writes of endorsed transactions until their transaction is committed; Fabric's transient store. */
export class PrivateWaitingRoom {
  readonly #waiting = new Map<string, Uint8Array>();

  keep(transactionId: string, bytes: Uint8Array): void {
    this.#waiting.set(transactionId, bytes);
    if (this.#waiting.size > WAITING_MAX) this.#waiting.delete(this.#waiting.keys().next().value ?? "");
  }

  /** The writes of a transaction, which are forgotten with this. */
  take(transactionId: string): Uint8Array | undefined {
    const bytes = this.#waiting.get(transactionId);
    this.#waiting.delete(transactionId);
    return bytes;
  }

  /** Transaction ids and writes, oldest first. */
  entries(): Iterable<readonly [string, Uint8Array]> {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting.clear();
  }

  size(): number {
    return this.#waiting.size;
  }
}

/**
 * Endorsed and not yet submitted. Most are submitted within a second; those never submitted would pile up. A
 * transaction whose private writes were pushed out still commits, with hashes whose values are not available here.
 */
export const WAITING_MAX = 10_000;
