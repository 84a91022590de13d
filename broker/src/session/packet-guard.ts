import { Duplex } from "node:stream";
import { ENVELOPE_LIMITS } from "@gridpact/proto";
import type { DeviceConnection } from "../listener/index.ts";
import type { DeviceIdentity } from "./access.ts";
import { FrameHeader, PACKET_TYPE } from "./frame-header.ts";
import { PartialFrame } from "./partial-frame.ts";
import type { PublishLane } from "./publish-lane.ts";
import type { RefusalReason } from "./refusal.ts";

/** CONNECT of a device: 10 bytes of header, a client id of at most 64 and its length; no will, no password. */
export const CONNECT_BYTES_MAX = 512;

/** The largest envelope, with its topic (root, device id of 64, channel), packet id and two length fields. */
export const PACKET_BYTES_MAX = ENVELOPE_LIMITS.bytesMax + 256;

/** Time from the TLS handshake to the answer to CONNECT: one round trip on the slowest link, many times over. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Time for one packet to arrive: 64 KiB at 10 kbit/s. */
export const PACKET_TIMEOUT_MS = 60_000;

/** Silence after which a socket is given up that has no keep-alive of its own; devices ping at least every minute. */
export const IDLE_TIMEOUT_MS = 300_000;

/** Time in which a device must read the acknowledgements that fill its socket; nothing is read from it meanwhile. */
export const UNREAD_TIMEOUT_MS = 30_000;

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
  /** Told each time the socket is not read for a while. */
  onHeld: () => void;
  refuse: (reason: RefusalReason) => void;
  nowUnixMs: () => number;
};

/**
 * Stands between a device's socket and the MQTT parser, which buffers whatever a length field announces, and before it
 * knows who is there. Looks at fixed headers only: the first packet must be a small CONNECT, later ones are of a known
 * kind and size; anything else is refused before its body is read. Nothing passes between CONNECT and its answer. From
 * then on the device's own messages take the lane, and the broker gets all the rest, in whole packets.
 */
export class PacketGuard extends Duplex {
  readonly identity: DeviceIdentity;
  readonly #connection: DeviceConnection;
  readonly #modules: PacketGuardModules;
  readonly #header = new FrameHeader();
  readonly #partial = new PartialFrame();
  readonly #openedAtUnixMs: number;
  #lastBytesAtUnixMs: number;
  #packetSinceUnixMs: number | undefined;
  #unreadSinceUnixMs: number | undefined;
  #hasConnect = false;
  #isOpen = false;
  #lane: PublishLane | undefined;
  #keepAliveMs = 0;
  #letIn: () => void = () => undefined;
  #onRead: () => void = () => undefined;
  #isHeld = false;

  constructor(connection: DeviceConnection, identity: DeviceIdentity, modules: PacketGuardModules) {
    super({ readableHighWaterMark: READ_AHEAD_BYTES });
    this.identity = identity;
    this.#connection = connection;
    this.#modules = modules;
    this.#openedAtUnixMs = modules.nowUnixMs();
    this.#lastBytesAtUnixMs = this.#openedAtUnixMs;
    connection.attach({
      onBytes: (bytes) => this.#receive(bytes),
      onDrained: () => this.#drained(),
      onClosed: (ending) => {
        if (ending === "unread") this.refuse("acknowledgements_unread");
        this.destroy();
      },
    });
  }

  /** Silence that the device has named as its longest, ms; 0 for none. [MQTT-3.1.2.10] */
  announceKeepAlive(keepAliveMs: number): void {
    this.#keepAliveMs = keepAliveMs;
  }

  /** The broker has let the session in: reads on. Without a lane the broker gets the device's own messages too. */
  open(lane?: PublishLane): void {
    this.#isOpen = true;
    this.#lane = lane;
    this.#letIn();
  }

  /** Whether the session was let in. */
  isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why this connection has run out of time, or undefined; asked from time to time. */
  overdue(): RefusalReason | undefined {
    const now = this.#modules.nowUnixMs();
    const since = (unixMs: number | undefined) => now - (unixMs ?? now);
    if (!this.#isOpen) {
      return since(this.#openedAtUnixMs) > CONNECT_TIMEOUT_MS ? "connect_timeout" : undefined;
    }
    if (since(this.#unreadSinceUnixMs) > UNREAD_TIMEOUT_MS) return "acknowledgements_unread";
    if (this.#isHeld) return undefined;
    if (since(this.#packetSinceUnixMs) > PACKET_TIMEOUT_MS) return "packet_timeout";
    return silenceRefusal(since(this.#lastBytesAtUnixMs), this.#keepAliveMs);
  }

  /** Ends the connection for a reason that is counted. */
  refuse(reason: RefusalReason): void {
    if (this.destroyed) return;
    this.#modules.refuse(reason);
    this.destroy();
  }

  /** Writes past what the broker has under way; both write whole packets only. */
  writeAtOnce(bytes: Uint8Array): void {
    if (!this.destroyed) this.#connection.write(bytes);
  }

  override _read(): void {
    if (!this.#isHeld) this.#connection.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#connection.write(chunk, callback);
  }

  /** The broker writes a packet in pieces; they leave in one TLS record. */
  override _writev(chunks: { chunk: Uint8Array }[], callback: (error?: Error | null) => void): void {
    this.#connection.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: () => void): void {
    this.#connection.close();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#connection.close();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    this.#lastBytesAtUnixMs = this.#modules.nowUnixMs();
    this.#goOn(chunk);
  }

  #goOn(bytes: Buffer): void {
    if (this.#partial.isEmpty()) this.#consume(bytes);
    else this.#complete(bytes);
    this.#packetSinceUnixMs = this.#partial.isEmpty()
      ? undefined
      : (this.#packetSinceUnixMs ?? this.#lastBytesAtUnixMs);
  }

  /** Adds to the packet that has begun no more than belongs to it; once it is whole, goes on with what follows it. */
  #complete(bytes: Buffer): void {
    const partial = this.#partial;
    for (let used = 0; !this.destroyed; ) {
      const missingBytes = this.#missingBytes();
      if (missingBytes === 0) {
        const packet = partial.bytes();
        partial.clear();
        this.#consume(packet);
        this.#consume(bytes.subarray(used));
        return;
      }
      if (used === bytes.length) return;
      const piece = bytes.subarray(used, used + missingBytes);
      partial.append(piece);
      used += piece.length;
    }
  }

  /** Bytes until the packet that has begun is whole; 1 as long as its length is not known. */
  #missingBytes(): number {
    const bytes = this.#partial.bytes();
    return this.#isHeaderFine(bytes, 0) ? Math.max(0, this.#header.end - bytes.length) : 1;
  }

  /** Sends each whole packet on its way; what is begun at the end, or has to wait, is kept. */
  #consume(bytes: Buffer): void {
    let offset = 0;
    let forwarded = 0;
    while (offset < bytes.length && !this.#isHeld && this.#isWhole(bytes, offset)) {
      const { end } = this.#header;
      const lane = this.#laneFor(bytes);
      if (!this.#hasConnect) this.#awaitAnswer();
      else if (this.#mustWait(lane)) break;
      if (lane !== undefined) {
        this.#forward(bytes.subarray(forwarded, offset));
        lane.take(bytes, end, this.#lastBytesAtUnixMs);
        forwarded = end;
      }
      offset = end;
    }
    this.#forward(bytes.subarray(forwarded, offset));
    this.#keep(bytes.subarray(offset));
  }

  #isWhole(bytes: Buffer, offset: number): boolean {
    return this.#isHeaderFine(bytes, offset) && this.#header.end <= bytes.length;
  }

  /** Whether the header that begins at `offset` is there and may be; if it may not, the connection ends. */
  #isHeaderFine(bytes: Buffer, offset: number): boolean {
    const state = this.#header.read(bytes, offset);
    if (state === "incomplete") return false;
    const refusal = state === "malformed" ? "length_malformed" : this.#judge();
    if (refusal !== undefined) this.refuse(refusal);
    return refusal === undefined;
  }

  #judge(): RefusalReason | undefined {
    const packetType = this.#header.packetType();
    const remainingBytes = this.#header.remainingBytes();
    if (!this.#hasConnect) {
      if (packetType !== PACKET_TYPE.CONNECT) return "connect_missing";
      return remainingBytes > CONNECT_BYTES_MAX ? "connect_too_large" : undefined;
    }
    if (remainingBytes > PACKET_BYTES_MAX) return "packet_too_large";
    return DEVICE_PACKETS.includes(packetType) ? undefined : "packet_unexpected";
  }

  #laneFor(bytes: Buffer): PublishLane | undefined {
    const lane = this.#lane;
    return lane?.isFor(bytes, this.#header) ? lane : undefined;
  }

  /** CONNECT itself passes, as it comes once and is small; what follows it waits for the broker's answer. */
  #awaitAnswer(): void {
    this.#hasConnect = true;
    const letIn = new Promise<void>((resolve) => {
      this.#letIn = resolve;
    });
    void this.#hold(letIn);
  }

  /** Whether the packet at hand has to wait; if so, nothing is read until its time has come. */
  #mustWait(lane: PublishLane | undefined): boolean {
    const wait = this.#waitFor(lane);
    if (wait === undefined) return false;
    this.#modules.onHeld();
    void this.#hold(wait);
    return true;
  }

  /** A packet that waits is asked about again, so what counts it, the device's rate, comes last. */
  #waitFor(lane: PublishLane | undefined): Promise<void> | undefined {
    if (lane?.hasRoom() === false) return lane.whenRoom();
    if (lane !== undefined && this.#connection.isClogged()) return this.#whenRead();
    return this.#modules.admit(this.#header.packetType() === PACKET_TYPE.PUBLISH);
  }

  /** Resolves when the device has read what was written to it. */
  #whenRead(): Promise<void> {
    this.#unreadSinceUnixMs ??= this.#modules.nowUnixMs();
    return new Promise((resolve) => {
      this.#onRead = resolve;
    });
  }

  #drained(): void {
    this.#unreadSinceUnixMs = undefined;
    this.#onRead();
  }

  /** Leaves the socket unread, and what was read of it as it is, until there is room. */
  async #hold(wait: Promise<void>): Promise<void> {
    this.#isHeld = true;
    this.#connection.pause();
    await wait;
    if (this.destroyed) return;
    this.#isHeld = false;
    // Nobody is to blame for the time in which nobody was read.
    this.#packetSinceUnixMs = undefined;
    this.#lastBytesAtUnixMs = this.#modules.nowUnixMs();
    const held = this.#partial.bytes();
    this.#partial.clear();
    this.#goOn(held);
    if (!this.#isHeld && this.readableLength < READ_AHEAD_BYTES) this.#connection.resume();
  }

  #keep(bytes: Buffer): void {
    if (bytes.length > 0 && !this.destroyed) this.#partial.append(bytes);
  }

  #forward(bytes: Buffer): void {
    if (bytes.length === 0 || this.destroyed) return;
    // A copy: the bytes are there for this call only, and the broker reads later.
    if (!this.push(Buffer.from(bytes))) this.#connection.pause();
  }
}

function silenceRefusal(silentMs: number, keepAliveMs: number): RefusalReason | undefined {
  // [MQTT-3.1.2-24]
  if (keepAliveMs > 0) return silentMs > 1.5 * keepAliveMs ? "keepalive_timeout" : undefined;
  return silentMs > IDLE_TIMEOUT_MS ? "idle_timeout" : undefined;
}
