import { createHash, randomBytes } from "node:crypto";

/** Randomness as a parameter. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** The operating system's generator: for keys, nonces and everything an adversary must not guess. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/**
 * Reproducible bytes: SHA-256 of the seed and a counter. For simulation only; its quality is that of the hash,
 * its secrecy none, since the seed is printed.
 */
export class SeededRandom implements Random {
  readonly #seed: string;
  #counter = 0;
  #pool: Uint8Array = new Uint8Array();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** An independent generator for one part, so that a draw here does not shift the draws there. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.#seed}/${label}`);
  }

  bytes(count: number): Uint8Array {
    while (this.#pool.length < count) {
      const block = createHash("sha256")
        .update(`${this.#seed}#${this.#counter++}`)
        .digest();
      this.#pool = Buffer.concat([this.#pool, block]);
    }
    // Copied, not viewed: Buffer.slice would share memory with the pool.
    const drawn = new Uint8Array(this.#pool.subarray(0, count));
    this.#pool = this.#pool.subarray(count);
    return drawn;
  }

  /** Integer in [0, bound), bound up to 2^32. */
  below(bound: number): number {
    const word = new DataView(this.bytes(4).buffer).getUint32(0);
    return Math.floor((word / 2 ** 32) * bound);
  }

  /** True with the given chance in per mille. */
  chance(perMille: number): boolean {
    return this.below(1_000) < perMille;
  }
}
