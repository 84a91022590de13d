import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** What an abuser does, none of whom has a certificate, or shows one. */
export const ABUSES = ["half-open-tcp", "half-open-tls", "slow-tls", "huge-hello"] as const;

export type Abuse = (typeof ABUSES)[number];

/** First bytes of a TLS record with a ClientHello of 16 KiB, of which no more ever comes. [RFC8446 s.5.1] */
const CLIENT_HELLO_BEGUN = Buffer.from([0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3f, 0xfc, 0x03, 0x03]);

/** As much as a record may have, of which nothing is a handshake. */
const HUGE_BYTES = 16 * 1024;

/** Pause of the slow ones between two bytes. */
const TRICKLE_MS = 250;

/** Abusers of one virtual node: each comes again as soon as it is thrown out. */
export class Abusers {
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  readonly #trickles = new Set<NodeJS.Timeout>();
  #attempts = 0;
  #isOver = false;

  constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  /** Begins with so many, all kinds by turns. */
  begin(count: number): void {
    for (let index = 0; index < count; index++) this.#attack(ABUSES[index % ABUSES.length] as Abuse, addressOf(index));
  }

  /** Connections begun, over the whole time. */
  attempts(): number {
    return this.#attempts;
  }

  /** Connections that stand, as far as the abusers know. */
  open(): number {
    return this.#sockets.size;
  }

  end(): void {
    this.#isOver = true;
    for (const trickle of this.#trickles) clearInterval(trickle);
    for (const socket of this.#sockets) socket.destroy();
  }

  #attack(abuse: Abuse, localAddress: string): void {
    this.#attempts += 1;
    const socket = this.#dial(abuse, localAddress);
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      // Next turn: a port that is closed must not make a loop without end.
      if (!this.#isOver) setImmediate(() => this.#attack(abuse, localAddress));
    });
  }

  #dial(abuse: Abuse, localAddress: string): Socket {
    const target = { ...this.#target, localAddress };
    if (abuse === "half-open-tls") return connectTls({ ...target, rejectUnauthorized: false });
    const socket = connectTcp(target);
    socket.once("connect", () => {
      if (abuse === "huge-hello") socket.write(Buffer.alloc(HUGE_BYTES, 0x16));
      if (abuse === "slow-tls") this.#trickle(socket);
    });
    return socket;
  }

  #trickle(socket: Socket): void {
    let sent = 0;
    const trickle = setInterval(() => {
      const byte = CLIENT_HELLO_BEGUN[sent] ?? 0;
      sent += 1;
      socket.write(Uint8Array.of(byte));
    }, TRICKLE_MS);
    this.#trickles.add(trickle);
    socket.once("close", () => {
      clearInterval(trickle);
      this.#trickles.delete(trickle);
    });
  }
}

/** Each abuser has an address of its own, as in a botnet: all of 127/8 is loopback on Linux. */
function addressOf(index: number): string {
  return `127.1.${index >> 8}.${index & 0xff}`;
}
