const HASH_BYTES = 32;

/** Leaves that it has memory for at first; it doubles. Most batches are ended by the clock, with far fewer. */
const INITIAL_LEAVES = 256;

/** Leaves of a batch that is not closed: their hashes, one after another, and where the last one stands in the log. */
export class OpenBatch {
  readonly #leavesMax: number;
  #hashes: Buffer;
  #size = 0;
  #endWalSeq = 0n;

  /** @param leavesMax as many as it has room for */
  constructor(leavesMax: number) {
    this.#leavesMax = leavesMax;
    this.#hashes = Buffer.allocUnsafeSlow(Math.min(leavesMax, INITIAL_LEAVES) * HASH_BYTES);
  }

  size(): number {
    return this.#size;
  }

  /** How many more it takes. */
  room(): number {
    return this.#leavesMax - this.#size;
  }

  hashes(): Uint8Array {
    return this.#hashes.subarray(0, this.#size * HASH_BYTES);
  }

  /** Position in the log after its last leaf. */
  endWalSeq(): bigint {
    return this.#endWalSeq;
  }

  /** Takes so many leaves from the place `first` on; `lastWalSeq` is where the last of them stands. */
  add(hashes: Uint8Array, { first, count, lastWalSeq }: { first: number; count: number; lastWalSeq: bigint }): void {
    this.#growTo((this.#size + count) * HASH_BYTES);
    this.#hashes.set(hashes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES), this.#size * HASH_BYTES);
    this.#size += count;
    this.#endWalSeq = lastWalSeq + 1n;
  }

  #growTo(sizeBytes: number): void {
    if (sizeBytes <= this.#hashes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(sizeBytes, 2 * this.#hashes.length));
    this.#hashes.copy(grown);
    this.#hashes = grown;
  }
}
