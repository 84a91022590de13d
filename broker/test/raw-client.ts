import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { generate, type Packet, parser } from "mqtt-packet";

/** Speaks MQTT packet by packet, right ones and wrong ones, over a TLS connection that is there already. */
export class RawClient {
  readonly #socket: TLSSocket;
  readonly #received: Packet[] = [];
  readonly #closed: Promise<void>;
  #wakeUp: () => void = () => undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    const packets = parser();
    packets.on("packet", (packet: Packet) => {
      this.#received.push(packet);
      this.#wakeUp();
    });
    socket.on("data", (chunk: Buffer) => packets.parse(chunk));
    this.#closed = ended(socket);
  }

  send(...packets: (Packet | Uint8Array)[]): void {
    for (const packet of packets) this.#socket.write(packet instanceof Uint8Array ? packet : generate(packet));
  }

  /** The next packet of the server, or undefined when it ends the connection first. */
  async next(): Promise<Packet | undefined> {
    while (this.#received.length === 0) {
      const woken = new Promise<string>((resolve) => {
        this.#wakeUp = () => resolve("packet");
      });
      const closed = this.#closed.then(() => "closed");
      if ((await Promise.race([woken, closed])) === "closed" && this.#received.length === 0) return undefined;
    }
    return this.#received.shift();
  }

  /** Resolves when the server has ended the connection. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** Resolves when a connection is over; one that refuses may reset it, and that it ends is what counts. */
export function ended(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}
