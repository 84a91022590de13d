import { strict as assert } from "node:assert";
import { isDeviceId } from "@gridpact/proto";
import type { ReceivedEnvelope } from "./engine.ts";

/** Length byte and ASCII text of a device id, as they stand before each of its envelopes. Made once for a session. */
export type PackedDeviceId = Uint8Array & { readonly __brand: "PackedDeviceId" };

/** @throws AssertionError when it is no device id: 64 characters at most, so that one length byte does */
export function packDeviceId(deviceId: string): PackedDeviceId {
  assert(isDeviceId(deviceId), `not a device id: ${deviceId}`);
  return Buffer.from([deviceId.length, ...Buffer.from(deviceId, "latin1")]) as Uint8Array as PackedDeviceId;
}

/** Bytes that a batch has room for at first: some hundred envelopes of one reading. It doubles as it fills. */
const INITIAL_BYTES = 64 * 1024;

/** The length of an envelope, u32. */
const LENGTH_BYTES = 4;

/**
 * Envelopes packed for the engine as they arrive, each `deviceId: u8 length + text, bytes: u32 length + bytes`,
 * little-endian: one copy from the socket's bytes, and no object for any of them. `engine/src/frame.rs` reads it.
 */
export class EnvelopeBatch {
  #packed = Buffer.allocUnsafe(INITIAL_BYTES);
  #sizeBytes = 0;
  #count = 0;

  /** Envelopes. */
  count(): number {
    return this.#count;
  }

  /** Bytes with names and lengths. */
  sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Copies the envelope at `[start, end)` of `source`. */
  add(deviceId: PackedDeviceId, source: Buffer, start: number, end: number): void {
    const sizeBytes = end - start;
    const size = this.#sizeBytes + deviceId.length + LENGTH_BYTES + sizeBytes;
    if (size > this.#packed.length) this.#grow(size);
    const packed = this.#packed;
    packed.set(deviceId, this.#sizeBytes);
    const offset = packed.writeUInt32LE(sizeBytes, this.#sizeBytes + deviceId.length);
    source.copy(packed, offset, start, end);
    this.#sizeBytes = size;
    this.#count += 1;
  }

  /** Valid until the batch is changed. */
  packed(): Uint8Array {
    return this.#packed.subarray(0, this.#sizeBytes);
  }

  /** The envelopes as objects, with bytes of their own. */
  unpack(): ReceivedEnvelope[] {
    const envelopes: ReceivedEnvelope[] = [];
    for (let offset = 0; offset < this.#sizeBytes; ) {
      const idEnd = offset + 1 + this.#packed.readUInt8(offset);
      const start = idEnd + LENGTH_BYTES;
      const end = start + this.#packed.readUInt32LE(idEnd);
      const deviceId = this.#packed.toString("latin1", offset + 1, idEnd);
      envelopes.push({ deviceId, bytes: new Uint8Array(this.#packed.subarray(start, end)) });
      offset = end;
    }
    return envelopes;
  }

  /** Empties it and keeps its memory for the next envelopes. */
  clear(): void {
    this.#sizeBytes = 0;
    this.#count = 0;
  }

  #grow(sizeBytes: number): void {
    const grown = Buffer.allocUnsafe(Math.max(sizeBytes, this.#packed.length * 2));
    this.#packed.copy(grown, 0, 0, this.#sizeBytes);
    this.#packed = grown;
  }
}

/** A batch of envelopes that are objects already. */
export function batchOf(envelopes: readonly ReceivedEnvelope[]): EnvelopeBatch {
  const batch = new EnvelopeBatch();
  for (const { deviceId, bytes } of envelopes) {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    batch.add(packDeviceId(deviceId), source, 0, source.length);
  }
  return batch;
}
