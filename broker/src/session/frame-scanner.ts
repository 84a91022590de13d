/**
 * Fixed header of an MQTT packet: type and flags in the first byte, then the remaining length in 1 to 4 bytes of
 * 7 bits, least significant first. [MQTT-2.2]
 */
export type FrameHeader = { packetType: number; flags: number; remainingBytes: number };

export const PACKET_TYPE = {
  CONNECT: 1,
  PUBLISH: 3,
  PUBACK: 4,
  SUBSCRIBE: 8,
  UNSUBSCRIBE: 10,
  PINGREQ: 12,
  DISCONNECT: 14,
} as const;

/** The length field has at most 4 bytes. [MQTT-2.2.3] */
const LENGTH_BYTES_MAX = 4;

export type ScanStep =
  /** A whole fixed header ends right before `offset`. */
  | { kind: "header"; offset: number; header: FrameHeader }
  /** The chunk is used up. */
  | { kind: "end"; offset: number }
  | { kind: "malformed"; offset: number };

/** Finds the packets in a byte stream without keeping any of it. */
export class FrameScanner {
  #firstByte: number | undefined;
  #lengthBytes = 0;
  #remaining = 0;
  #bodyLeft = 0;

  /** Whether the stream stands between two packets. */
  isBetweenPackets(): boolean {
    return this.#firstByte === undefined && this.#bodyLeft === 0;
  }

  /** Goes on from `offset` to the end of the next fixed header, or of the chunk. */
  advance(chunk: Uint8Array, offset: number): ScanStep {
    const skipped = Math.min(this.#bodyLeft, chunk.length - offset);
    this.#bodyLeft -= skipped;
    for (let at = offset + skipped; at < chunk.length; at++) {
      const header = this.#take(chunk[at] as number);
      if (header === "malformed") return { kind: "malformed", offset: at + 1 };
      if (header !== undefined) return { kind: "header", offset: at + 1, header };
    }
    return { kind: "end", offset: chunk.length };
  }

  #take(byte: number): FrameHeader | "malformed" | undefined {
    if (this.#firstByte === undefined) {
      this.#firstByte = byte;
      this.#lengthBytes = 0;
      this.#remaining = 0;
      return undefined;
    }
    this.#remaining += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.#lengthBytes === LENGTH_BYTES_MAX ? "malformed" : undefined;
    const header = {
      packetType: this.#firstByte >> 4,
      flags: this.#firstByte & 0x0f,
      remainingBytes: this.#remaining,
    };
    this.#firstByte = undefined;
    this.#bodyLeft = this.#remaining;
    return header;
  }
}
