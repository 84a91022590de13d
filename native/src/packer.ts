/** Appends packed values, little-endian; `Unpacker` takes them off again. */
export class Packer {
  readonly #parts: Uint8Array[] = [];

  u8(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.bytes(bytes);
  }

  u64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return this.bytes(bytes);
  }

  /** One length byte, then text. */
  text(text: string): this {
    const bytes = Buffer.from(text);
    return this.u8(bytes.length).bytes(bytes);
  }

  /** So many bytes, as they are. */
  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  packed(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
