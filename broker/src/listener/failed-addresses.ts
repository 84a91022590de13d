/** Addresses remembered: more than a fleet has devices. Beyond it the one that failed longest ago is forgotten. */
export const FAILED_ADDRESSES_MAX = 16_384;

/** A device whose line broke in the middle of a handshake hardly notices it. */
export const FIRST_HOLD_MS = 1_000;

/** 5,000 strangers then cost some 300 handshakes a second; whoever shares an address with one waits no longer. */
export const HOLD_MS_MAX = 16_000;

type Failure = { holdMs: number; untilUnixMs: number };

/**
 * Addresses whose last connection came to nothing. The next one from there is held for a while, longer each time, and
 * the first good one clears it. An address is held, never refused: honest devices may be behind it too.
 */
export class FailedAddresses {
  /** The one that failed last is the last. */
  readonly #failures = new Map<string, Failure>();

  /** A connection from there did not become a session. */
  failed(address: string, nowUnixMs: number): void {
    const { holdMs = FIRST_HOLD_MS / 2 } = this.#failures.get(address) ?? {};
    const longer = Math.min(2 * holdMs, HOLD_MS_MAX);
    this.#failures.delete(address);
    this.#failures.set(address, { holdMs: longer, untilUnixMs: nowUnixMs + longer });
    if (this.#failures.size <= FAILED_ADDRESSES_MAX) return;
    const [oldest] = this.#failures.keys();
    this.#failures.delete(oldest as string);
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  /** Whether its last connection came to nothing. */
  has(address: string): boolean {
    return this.#failures.has(address);
  }

  /** Until when its next connection is held; in the past for all others. */
  heldUntilUnixMs(address: string): number {
    return this.#failures.get(address)?.untilUnixMs ?? 0;
  }

  size(): number {
    return this.#failures.size;
  }
}
