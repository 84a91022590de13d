import { X509Certificate } from "node:crypto";
import { type DoorwayEnding, type NativeDoorway, openNativeDoorway } from "@gridpact/native";
import type {
  ConnectionReceiver,
  DeviceConnection,
  DeviceListener,
  ListenerCounts,
  ListenerModules,
  ListenerOptions,
} from "./device-listener.ts";

/** The Rust doorway: TLS on a thread of its own, and one call for all that has come on all connections. */
export class NativeListener implements DeviceListener {
  readonly #doorway: NativeDoorway;
  readonly #nowUnixMs: () => number;

  private constructor(doorway: NativeDoorway, nowUnixMs: () => number) {
    this.#doorway = doorway;
    this.#nowUnixMs = nowUnixMs;
  }

  /**
   * Undefined when the native library was not built.
   * @throws when the address cannot be had; see `openNativeDoorway`
   */
  static listen(options: ListenerOptions, modules: ListenerModules): NativeListener | undefined {
    const { nowUnixMs, onConnection, onRefused } = modules;
    const connections = new Map<number, NativeConnection>();
    const doorway = openNativeDoorway(
      { ...options, nowUnixMs: nowUnixMs() },
      {
        onOpened: (id, certificateDer) => {
          const connection = new NativeConnection(id, opened, () => connections.delete(id));
          connections.set(id, connection);
          onConnection(connection, new X509Certificate(certificateDer));
        },
        onData: (id, bytes) => connections.get(id)?.receive(bytes),
        onClogged: (id) => connections.get(id)?.clogged(),
        onDrained: (id) => connections.get(id)?.drained(),
        onClosed: (id, ending) => connections.get(id)?.closed(ending),
        onRefused: (count) => {
          for (let index = 0; index < count; index++) onRefused();
        },
      },
    );
    if (doorway === undefined) return undefined;
    const opened = doorway;
    return new NativeListener(doorway, nowUnixMs);
  }

  port(): number {
    return this.#doorway.port();
  }

  /** Nobody is held: a handshake costs little enough here. */
  counts(): ListenerCounts {
    return { ...this.#doorway.counts(), held: 0 };
  }

  sweep(): void {
    this.#doorway.sweep(this.#nowUnixMs());
  }

  close(): Promise<void> {
    return this.#doorway.stop();
  }
}

/** A device's connection in the Rust doorway; all that is kept of it here. */
class NativeConnection implements DeviceConnection {
  readonly #id: number;
  readonly #doorway: NativeDoorway;
  readonly #onClose: () => void;
  #receiver: ConnectionReceiver | undefined;
  #isPaused = true;
  #isClogged = false;
  #isClosed = false;
  #onTaken: (() => void)[] = [];

  constructor(id: number, doorway: NativeDoorway, onClose: () => void) {
    this.#id = id;
    this.#doorway = doorway;
    this.#onClose = onClose;
  }

  attach(receiver: ConnectionReceiver): void {
    this.#receiver = receiver;
  }

  write(bytes: Uint8Array, onTaken?: () => void): void {
    if (this.#isClosed) return;
    this.#doorway.write(this.#id, bytes);
    if (onTaken === undefined) return;
    if (this.#isClogged) this.#onTaken.push(onTaken);
    else onTaken();
  }

  isClogged(): boolean {
    return this.#isClogged;
  }

  pause(): void {
    if (this.#isPaused || this.#isClosed) return;
    this.#isPaused = true;
    this.#doorway.pause(this.#id);
  }

  resume(): void {
    if (!this.#isPaused || this.#isClosed) return;
    this.#isPaused = false;
    this.#doorway.resume(this.#id);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#doorway.close(this.#id);
    this.#onClose();
  }

  receive(bytes: Buffer): void {
    this.#receiver?.onBytes(bytes);
  }

  clogged(): void {
    this.#isClogged = true;
  }

  drained(): void {
    this.#isClogged = false;
    for (const onTaken of this.#onTaken.splice(0)) onTaken();
    this.#receiver?.onDrained();
  }

  closed(ending: DoorwayEnding): void {
    this.close();
    this.#receiver?.onClosed(ending);
  }
}
