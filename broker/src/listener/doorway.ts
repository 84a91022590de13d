import type { Socket } from "node:net";
import type { ListenerCounts } from "./device-listener.ts";
import { FailedAddresses } from "./failed-addresses.ts";

/** A ClientHello with a session ticket and a post-quantum key share has 3 KiB; nobody has a longer one. */
export const HELLO_BYTES_MAX = 8 * 1024;

/**
 * Handshakes at a time, at some 80 KiB each. One takes two round trips: with 200 ms for each, a fleet of 10,000 is
 * back in half a minute, which is what CPU allows anyway; more would only be memory for strangers.
 */
export const HANDSHAKES_MAX = 128;

/** Time for a ClientHello to arrive: one packet. */
export const HELLO_TIMEOUT_MS = 10_000;

/** While others wait, a handshake must be through in this time: three round trips on a slow link. */
export const CROWDED_HANDSHAKE_MS = 3_000;

/** How long a whole ClientHello waits for its turn; a fleet of 10,000 is back sooner. */
export const TURN_TIMEOUT_MS = 60_000;

/** First bytes of every TLS connection: a handshake record, version 3.x. [RFC8446 s.5.1] */
const HANDSHAKE_RECORD = 0x16;
const MAJOR_VERSION = 0x03;
const RECORD_HEADER_BYTES = 5;

/** `nowUnixMs` is the machine's time: what is measured here is a network. */
export type DoorwayModules = {
  nowUnixMs: () => number;
  /** Begins the handshake; what was read of the socket is back in it. */
  begin: (socket: Socket) => void;
  /** Told of each connection that is turned away here. */
  onRefused: () => void;
};

/** Without bytes that wait: Node keeps those in each socket, where nobody can add them up. */
export type DoorwayCounts = Omit<ListenerCounts, "waitingBytes">;

/** `ip` is kept beside the socket, which forgets it when it is closed. */
type Guest = { socket: Socket; ip: string; sinceUnixMs: number; bytes: Buffer };

/**
 * Stands before TLS, which takes 30 to 80 KiB for a connection that has said nothing yet, while a bare socket takes 6.
 * A handshake begins when a whole ClientHello is there, and no more than so many at a time; of those that wait, the
 * newest comes first: when there are that many, the oldest are most likely not there any more, or never were. Where a
 * connection came to nothing, the next from that address is not read for a while: turned away it would be back at once.
 */
export class Doorway {
  readonly #modules: DoorwayModules;
  readonly #silent = new Set<Guest>();
  readonly #failed = new FailedAddresses();
  /** In the order of arrival. */
  readonly #held = new Set<Guest>();
  /** In the order of arrival. */
  #waiting: Guest[] = [];
  /** By the other end's address. */
  readonly #handshakes = new Map<string, Guest>();

  constructor(modules: DoorwayModules) {
    this.#modules = modules;
  }

  /** Takes a connection that has just come, and of which MUST nothing be read yet: the held ones take no memory. */
  enter(socket: Socket): void {
    const now = this.#modules.nowUnixMs();
    const guest: Guest = { socket, ip: ipOf(socket), sinceUnixMs: now, bytes: Buffer.alloc(0) };
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#silent.delete(guest);
      this.#held.delete(guest);
    });
    if (this.#failed.heldUntilUnixMs(guest.ip) > now) this.#held.add(guest);
    else this.#listen(guest);
  }

  /** A handshake has ended well. */
  succeeded(socket: Pick<Socket, "remoteAddress" | "remotePort">): void {
    this.#failed.succeeded(ipOf(socket));
    if (this.#handshakes.delete(addressOf(socket))) this.#beginNext();
  }

  /** Turns away who has run out of time; to be called about once a second. */
  sweep(): void {
    const now = this.#modules.nowUnixMs();
    for (const guest of this.#silent) if (now - guest.sinceUnixMs > HELLO_TIMEOUT_MS) this.#refuse(guest);
    for (const guest of [...this.#waiting, ...this.#held]) {
      if (now - guest.sinceUnixMs > TURN_TIMEOUT_MS) this.#turnAway(guest);
    }
    this.#release(now);
    this.#waiting = this.#waiting.filter(({ socket }) => !socket.destroyed);
    for (const [address, { sinceUnixMs }] of this.#handshakes) {
      // TLS has its own time, and tells of its end; one that did not is over.
      if (now - sinceUnixMs > 2 * HELLO_TIMEOUT_MS) this.#handshakes.delete(address);
    }
    this.#beginNext();
  }

  counts(): DoorwayCounts {
    const [handshakes, waiting] = [this.#handshakes.size, this.#waiting.length];
    return { handshakes, waiting, silent: this.#silent.size, held: this.#held.size };
  }

  close(): void {
    const guests = [...this.#held, ...this.#silent, ...this.#waiting, ...this.#handshakes.values()];
    for (const { socket } of guests) socket.destroy();
  }

  /** Waits for the ClientHello. */
  #listen(guest: Guest): void {
    const { socket } = guest;
    guest.sinceUnixMs = this.#modules.nowUnixMs();
    const listen = (chunk: Buffer) => {
      if (!this.#hasHello(guest, chunk)) return;
      socket.off("data", listen);
      socket.pause();
      this.#silent.delete(guest);
      guest.sinceUnixMs = this.#modules.nowUnixMs();
      this.#waiting.push(guest);
      this.#beginNext();
    };
    this.#silent.add(guest);
    socket.on("data", listen);
    socket.resume();
  }

  /** Lets those go on whose time has come: of an address that has not done better since, one at a time. */
  #release(now: number): void {
    const released = new Set<string>();
    for (const guest of this.#held) {
      const { ip } = guest;
      if (this.#failed.heldUntilUnixMs(ip) > now || released.has(ip)) continue;
      if (this.#failed.has(ip)) released.add(ip);
      this.#held.delete(guest);
      this.#listen(guest);
    }
  }

  /** Adds what has come; true once a whole ClientHello is there. What cannot become one is turned away. */
  #hasHello(guest: Guest, chunk: Buffer): boolean {
    guest.bytes = guest.bytes.length === 0 ? chunk : Buffer.concat([guest.bytes, chunk]);
    const { bytes } = guest;
    const isTls = bytes[0] === HANDSHAKE_RECORD && (bytes.length < 2 || bytes[1] === MAJOR_VERSION);
    const helloBytes = bytes.length < RECORD_HEADER_BYTES ? 0 : RECORD_HEADER_BYTES + bytes.readUInt16BE(3);
    if (!isTls || helloBytes > HELLO_BYTES_MAX) this.#refuse(guest);
    return !guest.socket.destroyed && helloBytes > 0 && bytes.length >= helloBytes;
  }

  #beginNext(): void {
    while (this.#waiting.length > 0) {
      if (this.#handshakes.size >= HANDSHAKES_MAX) this.#endSlow();
      if (this.#handshakes.size >= HANDSHAKES_MAX) return;
      const guest = this.#waiting.pop() as Guest;
      if (!guest.socket.destroyed) this.#begin(guest);
    }
  }

  #begin(guest: Guest): void {
    const { socket } = guest;
    const address = addressOf(socket);
    guest.sinceUnixMs = this.#modules.nowUnixMs();
    this.#handshakes.set(address, guest);
    socket.once("close", () => this.#broken(guest, address));
    socket.unshift(guest.bytes);
    guest.bytes = Buffer.alloc(0);
    this.#modules.begin(socket);
  }

  /** Makes room for those that wait; handshakes stand in the order in which they began. */
  #endSlow(): void {
    const now = this.#modules.nowUnixMs();
    for (const [address, guest] of this.#handshakes) {
      if (now - guest.sinceUnixMs <= CROWDED_HANDSHAKE_MS) return;
      this.#handshakes.delete(address);
      this.#refuse(guest);
    }
  }

  /** A handshake that ended before TLS was there. */
  #broken({ ip }: Guest, address: string): void {
    if (!this.#handshakes.delete(address)) return;
    this.#failed.failed(ip, this.#modules.nowUnixMs());
    this.#beginNext();
  }

  /** Ends a connection for what it did, or did not. */
  #refuse(guest: Guest): void {
    if (guest.socket.destroyed) return;
    this.#failed.failed(guest.ip, this.#modules.nowUnixMs());
    this.#turnAway(guest);
  }

  #turnAway(guest: Guest): void {
    if (guest.socket.destroyed) return;
    this.#held.delete(guest);
    this.#modules.onRefused();
    guest.socket.destroy();
  }
}

function ipOf({ remoteAddress }: Pick<Socket, "remoteAddress">): string {
  return remoteAddress ?? "";
}

/** Where a connection comes from: two that stand at a time never have the same. */
function addressOf({ remoteAddress, remotePort }: Pick<Socket, "remoteAddress" | "remotePort">): string {
  return `${remoteAddress} ${remotePort}`;
}
