/** Packet types of MQTT 3.1.1, the upper half of a packet's first byte. [MQTT-2.2.1] */
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

/** `known`: all below is set. `incomplete`: more bytes are needed. `malformed`: no byte more can help. */
export type HeaderState = "known" | "incomplete" | "malformed";

/**
 * Fixed header of an MQTT packet: type and flags in the first byte, then the remaining length in 1 to 4 bytes of
 * 7 bits, least significant first. [MQTT-2.2] One object serves all packets of a connection.
 */
export class FrameHeader {
  firstByte = 0;
  /** Where the body begins and ends in the bytes that were read; the end may lie beyond them. */
  bodyStart = 0;
  end = 0;

  packetType(): number {
    return this.firstByte >> 4;
  }

  remainingBytes(): number {
    return this.end - this.bodyStart;
  }

  /** Reads the header that begins at `start`. */
  read(bytes: Uint8Array, start: number): HeaderState {
    let remaining = 0;
    for (let index = 0; index < LENGTH_BYTES_MAX; index++) {
      const at = start + 1 + index;
      if (at >= bytes.length) return "incomplete";
      const byte = bytes[at] as number;
      remaining += (byte & 0x7f) << (7 * index);
      if ((byte & 0x80) !== 0) continue;
      this.firstByte = bytes[start] as number;
      this.bodyStart = at + 1;
      this.end = at + 1 + remaining;
      return "known";
    }
    return "malformed";
  }
}
