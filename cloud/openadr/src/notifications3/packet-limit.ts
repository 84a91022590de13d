import { Transform, type TransformCallback } from "node:stream";

/**
 * The largest packet that a subscriber has reason to send: CONNECT with a token of 4,096 characters, or SUBSCRIBE with
 * some hundred topics. An MQTT parser keeps whatever a length field announces, up to 256 MB, and before it knows who is
 * there.
 */
export const PACKET_BYTES_MAX = 16_384;

/** The length field has at most 4 bytes. [MQTT-2.2.3] */
const LENGTH_BYTES_MAX = 4;

/** CONNECT, in the upper half of a packet's first byte. [MQTT-2.2.1] */
const CONNECT = 1;

/** What a subscriber sent that no subscriber sends; its connection ends. */
export class PacketFault extends Error {
  readonly code: "connect-missing" | "packet-too-large" | "length-malformed";

  constructor(code: PacketFault["code"]) {
    super(code);
    this.name = "PacketFault";
    this.code = code;
  }
}

/**
 * Passes the bytes of a connection on as they are, and fails with `PacketFault` at the first packet that is no CONNECT,
 * or at any that is too large: at its header, before its body is there.
 */
export class PacketLimit extends Transform {
  #header: number[] = [];
  #bodyBytesLeft = 0;
  #isFirst = true;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const fault = this.#read(chunk);
    if (fault === undefined) done(null, chunk);
    else done(new PacketFault(fault));
  }

  #read(chunk: Buffer): PacketFault["code"] | undefined {
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(this.#bodyBytesLeft, chunk.length - at);
      this.#bodyBytesLeft -= skipped;
      at += skipped;
      if (at >= chunk.length) return undefined;
      this.#header.push(chunk[at] ?? 0);
      at += 1;
      const fault = this.#readHeader();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Type and flags, then the remaining length in bytes of 7 bits, least significant first. [MQTT-2.2] */
  #readHeader(): PacketFault["code"] | undefined {
    const [first = 0, ...length] = this.#header;
    if (this.#isFirst && first >> 4 !== CONNECT) return "connect-missing";
    if (length.length === 0) return undefined;
    if (((length.at(-1) ?? 0) & 0x80) !== 0) return length.length < LENGTH_BYTES_MAX ? undefined : "length-malformed";
    const bodyBytes = length.reduce((sum, byte, index) => sum + (byte & 0x7f) * 128 ** index, 0);
    if (bodyBytes + this.#header.length > PACKET_BYTES_MAX) return "packet-too-large";
    this.#bodyBytesLeft = bodyBytes;
    this.#header = [];
    this.#isFirst = false;
    return undefined;
  }
}
