import { Duplex } from "node:stream";
import { ENVELOPE_LIMITS } from "@gridpact/proto";
import type { DeviceIdentity } from "./access.ts";
import { type FrameHeader, FrameScanner, PACKET_TYPE, type ScanStep } from "./frame-scanner.ts";
import type { RefusalReason } from "./refusal.ts";

/** CONNECT of a device: 10 bytes of header, a client id of at most 64 and its length; no will, no password. */
export const CONNECT_BYTES_MAX = 512;

/** The largest envelope, with its topic (root, device id of 64, channel), packet id and two length fields. */
export const PACKET_BYTES_MAX = ENVELOPE_LIMITS.bytesMax + 256;

/** Time from the TLS handshake to the end of CONNECT: one round trip on the slowest link, many times over. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Time for one packet to arrive: 64 KiB at 10 kbit/s. */
export const PACKET_TIMEOUT_MS = 60_000;

/** Silence after which a socket is given up; devices ping at least every minute. */
export const IDLE_TIMEOUT_MS = 300_000;

/** Bytes handed over before the MQTT parser must ask for more; with the parser's own rest this bounds a connection. */
const READ_AHEAD_BYTES = 16 * 1024;

/** Packets a device may send after CONNECT; the QoS 2 handshake and a second CONNECT are not among them. */
const DEVICE_PACKETS: readonly number[] = [
  PACKET_TYPE.PUBLISH,
  PACKET_TYPE.PUBACK,
  PACKET_TYPE.SUBSCRIBE,
  PACKET_TYPE.UNSUBSCRIBE,
  PACKET_TYPE.PINGREQ,
  PACKET_TYPE.DISCONNECT,
];

export type PacketGuardModules = {
  /** Undefined when the packet at hand may be read now, else when to ask again: the socket is not read until then. */
  admit: (isPublish: boolean) => Promise<void> | undefined;
  refuse: (reason: RefusalReason) => void;
  nowUnixMs: () => number;
};

/**
 * Stands between a device's socket and the MQTT parser, which buffers whatever a length field announces, and before it
 * knows who is there. Looks at fixed headers only: the first packet must be a small CONNECT, later ones are of a known
 * kind and size; anything else is refused before its body is read.
 */
export class PacketGuard extends Duplex {
  readonly identity: DeviceIdentity;
  readonly #socket: Duplex;
  readonly #modules: PacketGuardModules;
  readonly #scanner = new FrameScanner();
  readonly #openedAtUnixMs: number;
  #lastBytesAtUnixMs: number;
  #packetSinceUnixMs: number | undefined;
  #hasConnectHeader = false;
  #isConnected = false;
  #isHeld = false;

  constructor(socket: Duplex, identity: DeviceIdentity, modules: PacketGuardModules) {
    super({ readableHighWaterMark: READ_AHEAD_BYTES });
    this.identity = identity;
    this.#socket = socket;
    this.#modules = modules;
    this.#openedAtUnixMs = modules.nowUnixMs();
    this.#lastBytesAtUnixMs = this.#openedAtUnixMs;
    socket.pause();
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** Whether CONNECT came in whole; what became of it is the broker's affair. */
  isConnected(): boolean {
    return this.#isConnected;
  }

  /** Why this connection has run out of time, or undefined; asked from time to time. */
  overdue(): RefusalReason | undefined {
    const now = this.#modules.nowUnixMs();
    if (!this.#isConnected) return now - this.#openedAtUnixMs > CONNECT_TIMEOUT_MS ? "connect_timeout" : undefined;
    if (this.#isHeld) return undefined;
    if (now - (this.#packetSinceUnixMs ?? now) > PACKET_TIMEOUT_MS) return "packet_timeout";
    return now - this.#lastBytesAtUnixMs > IDLE_TIMEOUT_MS ? "idle_timeout" : undefined;
  }

  /** Ends the connection for a reason that is counted. */
  refuse(reason: RefusalReason): void {
    if (this.destroyed) return;
    this.#modules.refuse(reason);
    this.destroy();
  }

  override _read(): void {
    if (!this.#isHeld) this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    // The socket's own callback comes when the bytes are out, so its backpressure becomes this stream's.
    this.#socket.write(chunk, callback);
  }

  /** Acknowledgements of one batch leave in one TLS record instead of one each. */
  override _writev(chunks: { chunk: Uint8Array }[], callback: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: () => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }

  #receive(chunk: Uint8Array): void {
    this.#lastBytesAtUnixMs = this.#modules.nowUnixMs();
    this.#scan(chunk);
    this.#packetSinceUnixMs = this.#scanner.isBetweenPackets()
      ? undefined
      : (this.#packetSinceUnixMs ?? this.#lastBytesAtUnixMs);
  }

  #scan(chunk: Uint8Array): void {
    for (let offset = 0; offset < chunk.length; ) {
      const step = this.#scanner.advance(chunk, offset);
      offset = step.offset;
      const refusal = this.#judge(step);
      if (refusal !== undefined) {
        this.refuse(refusal);
        return;
      }
      if (step.kind === "header" && !this.#isAdmitted(step.header, chunk, offset)) return;
    }
    this.#forward(chunk);
    this.#isConnected ||= this.#hasConnectHeader && this.#scanner.isBetweenPackets();
  }

  #judge(step: ScanStep): RefusalReason | undefined {
    if (step.kind === "malformed") return "length_malformed";
    if (step.kind === "end") return undefined;
    const { packetType, remainingBytes } = step.header;
    if (!this.#hasConnectHeader) {
      if (packetType !== PACKET_TYPE.CONNECT) return "connect_missing";
      if (remainingBytes > CONNECT_BYTES_MAX) return "connect_too_large";
      this.#hasConnectHeader = true;
      return undefined;
    }
    this.#isConnected = true;
    if (remainingBytes > PACKET_BYTES_MAX) return "packet_too_large";
    return DEVICE_PACKETS.includes(packetType) ? undefined : "packet_unexpected";
  }

  /** Whether the packet whose header ends at `offset` may go on; if not, all from there is held until it may. */
  #isAdmitted({ packetType }: FrameHeader, chunk: Uint8Array, offset: number): boolean {
    // CONNECT comes once, and what it costs is bounded by its size and the sockets of a device.
    if (packetType === PACKET_TYPE.CONNECT) return true;
    const ask = () => this.#modules.admit(packetType === PACKET_TYPE.PUBLISH);
    const wait = ask();
    if (wait === undefined) return true;
    this.#forward(chunk.subarray(0, offset));
    void this.#hold(chunk.subarray(offset), { wait, ask });
    return false;
  }

  /** Keeps the rest of a chunk, and the socket unread, until there is room. */
  async #hold(
    rest: Uint8Array,
    { wait, ask }: { wait: Promise<void>; ask: () => Promise<void> | undefined },
  ): Promise<void> {
    this.#isHeld = true;
    this.#socket.pause();
    for (let again: Promise<void> | undefined = wait; again !== undefined; again = ask()) {
      await again;
      if (this.destroyed) return;
    }
    this.#isHeld = false;
    this.#receive(rest);
    if (!this.#isHeld && this.readableLength < READ_AHEAD_BYTES) this.#socket.resume();
  }

  #forward(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.destroyed) return;
    if (!this.push(bytes)) this.#socket.pause();
  }
}
