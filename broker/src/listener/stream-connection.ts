import type { Duplex } from "node:stream";
import type { ConnectionReceiver, DeviceConnection } from "./device-listener.ts";

/** A device's connection on a stream of Node's, such as its TLS sockets. */
export class StreamConnection implements DeviceConnection {
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  attach({ onBytes, onDrained, onClosed }: ConnectionReceiver): void {
    const stream = this.#stream;
    stream.pause();
    stream.on("data", onBytes);
    stream.on("drain", onDrained);
    // Whoever ends its half of the connection ends all of it.
    stream.on("end", () => stream.destroy());
    stream.on("error", () => stream.destroy());
    stream.on("close", () => onClosed("peer"));
  }

  write(bytes: Uint8Array, onTaken?: () => void): void {
    // The stream's own callback comes when the bytes are out.
    this.#stream.write(bytes, onTaken);
  }

  isClogged(): boolean {
    return this.#stream.writableNeedDrain;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.destroy();
  }
}
