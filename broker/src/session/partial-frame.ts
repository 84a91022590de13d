/** Memory for a packet that has not come in whole is taken in steps of this at least, and doubles. */
const KEPT_BYTES_MIN = 256;

/**
 * The beginning of a packet until the rest of it is there. What a length field announces costs nothing: memory grows
 * with what has really arrived.
 */
export class PartialFrame {
  #bytes: Buffer | undefined;
  #sizeBytes = 0;

  isEmpty(): boolean {
    return this.#sizeBytes === 0;
  }

  append(bytes: Buffer): void {
    const sizeBytes = this.#sizeBytes + bytes.length;
    if (this.#bytes === undefined || sizeBytes > this.#bytes.length) this.#grow(sizeBytes);
    bytes.copy(this.#bytes as Buffer, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  /** What is there so far; valid until it is changed. */
  bytes(): Buffer {
    return this.#bytes?.subarray(0, this.#sizeBytes) ?? Buffer.alloc(0);
  }

  /** Gives the memory back: most packets come in whole, and a connection is idle most of the time. */
  clear(): void {
    this.#bytes = undefined;
    this.#sizeBytes = 0;
  }

  #grow(sizeBytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(sizeBytes, KEPT_BYTES_MIN, 2 * (this.#bytes?.length ?? 0)));
    this.#bytes?.copy(grown, 0, 0, this.#sizeBytes);
    this.#bytes = grown;
  }
}
