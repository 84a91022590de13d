/** Takes packed values off the front of a buffer; reading beyond its end throws, as only a bug can do so. */
export class Unpacker {
  readonly #packed: Buffer;
  #offset = 0;

  constructor(packed: Uint8Array) {
    this.#packed = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  }

  isAtEnd(): boolean {
    return this.#offset === this.#packed.length;
  }

  u8(): number {
    return this.#packed.readUInt8(this.#advance(1));
  }

  u32(): number {
    return this.#packed.readUInt32LE(this.#advance(4));
  }

  u64(): bigint {
    return this.#packed.readBigUInt64LE(this.#advance(8));
  }

  /** A u64 that is known to be a safe integer: half the cost of a bigint. */
  number(): number {
    const offset = this.#advance(8);
    return this.#packed.readUInt32LE(offset) + this.#packed.readUInt32LE(offset + 4) * 2 ** 32;
  }

  /** An i64 that is known to be a safe integer. */
  signedNumber(): number {
    const offset = this.#advance(8);
    return this.#packed.readUInt32LE(offset) + this.#packed.readInt32LE(offset + 4) * 2 ** 32;
  }

  text(): string {
    const length = this.u8();
    const start = this.#advance(length);
    return this.#packed.toString("utf8", start, start + length);
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return new Uint8Array(this.#packed.buffer, this.#packed.byteOffset + start, length);
  }

  /** A copy, as the values need not stand where an array of theirs may begin. */
  u64s(count: number): BigUint64Array {
    const start = this.#advance(count * 8);
    const copied = new Uint8Array(this.#packed.subarray(start, start + count * 8));
    return new BigUint64Array(copied.buffer, 0, count);
  }

  /** Where the next so many bytes begin, which are passed over. */
  skip(length: number): number {
    return this.#advance(length);
  }

  rest(): Uint8Array {
    return this.bytes(this.#packed.length - this.#offset);
  }

  list<T>(count: number, take: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => take(index));
  }

  #advance(length: number): number {
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
