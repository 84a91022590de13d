/**
 * Remembers which nonces were used. An entry may be forgotten once its message is too old to be accepted anyway.
 */
export interface NonceStore {
  /** Records a nonce. False when it is known already, or when the store is full and cannot vouch for it. */
  use(key: string, expiresAtUnixMs: number, nowUnixMs: number): boolean;
}

/** At 120 s of life this carries 8,000 signed messages a second; an entry costs about 100 bytes. */
export const MAX_NONCES = 1_000_000;

/** Forgets everything at the end of the process: for clients and tests, never for a VTN. */
export class MemoryNonceStore implements NonceStore {
  readonly #expiries = new Map<string, number>();
  readonly #capacity: number;

  constructor(capacity: number = MAX_NONCES) {
    this.#capacity = capacity;
  }

  use(key: string, expiresAtUnixMs: number, nowUnixMs: number): boolean {
    if (this.#expiries.size >= this.#capacity) this.#dropExpired(nowUnixMs);
    if (this.#expiries.has(key) || this.#expiries.size >= this.#capacity) return false;
    this.#expiries.set(key, expiresAtUnixMs);
    return true;
  }

  #dropExpired(nowUnixMs: number): void {
    for (const [key, expiresAtUnixMs] of this.#expiries) {
      if (expiresAtUnixMs < nowUnixMs) this.#expiries.delete(key);
    }
  }
}
