import type { Ledger } from "@gridpact/ledger";

/**
 * Blocks that the receipts of one event share, as hex text. 64 Mi characters hold the hundred blocks of a large event;
 * the receipts of one event are written one after the other, so what falls out is seldom wanted again.
 */
export const KEPT_CHARS_MAX = 64 * 1024 * 1024;

/** Reads blocks for receipts, each once as long as it is kept. */
export class BlockReader {
  readonly #ledger: Pick<Ledger, "block">;
  readonly #charsMax: number;
  readonly #kept = new Map<number, string>();
  #chars = 0;

  constructor(ledger: Pick<Ledger, "block">, charsMax = KEPT_CHARS_MAX) {
    this.#ledger = ledger;
    this.#charsMax = charsMax;
  }

  /** `common.Block` bytes as hex. */
  async blockHex(number: number): Promise<string> {
    const kept = this.#kept.get(number);
    if (kept !== undefined) return kept;
    const { bytes } = await this.#ledger.block(number);
    const blockHex = Buffer.from(bytes).toString("hex");
    this.#keep(number, blockHex);
    return blockHex;
  }

  #keep(number: number, blockHex: string): void {
    this.#kept.set(number, blockHex);
    this.#chars += blockHex.length;
    for (const [oldest, hex] of this.#kept) {
      if (this.#chars <= this.#charsMax) return;
      this.#kept.delete(oldest);
      this.#chars -= hex.length;
    }
  }
}
