import { CommandBatch, type DoorwayEvents, readEvents } from "./doorway-packing.ts";
import { type DoorwayHandle, loadNativeAddon } from "./native-addon.ts";

/** As napi hands it over, so its names are those of the Rust side. */
export type NativeDoorwayOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** PEM: the server's key and certificate, and the authority that issues device certificates. */
  keyPem: string;
  certificatePem: string;
  caPem: string;
  /** Connections at a time; beyond it new ones stay in the kernel's queue. */
  connectionsMax: number;
  /** Now; afterwards `sweep` tells the time. */
  nowUnixMs: number;
};

/** How many connections stand where, and how much the host has still to take. */
export type NativeDoorwayCounts = { silent: number; waiting: number; handshakes: number; waitingBytes: number };

/** Room for events of one turn; the doorway stops reading at 1 MiB of them. */
const EVENT_BYTES_INITIAL = 1024 * 1024;

/**
 * Opens the Rust doorway: TCP and mutual TLS 1.3 on a thread of its own. Undefined when the addon was not built.
 * @throws an error with the code EADDRINUSE, EADDRNOTAVAIL, EACCES or DOORWAY_LISTEN when the address cannot be had,
 * and DOORWAY_CREDENTIALS when keys and certificates cannot be used.
 */
export function openNativeDoorway(options: NativeDoorwayOptions, told: DoorwayEvents): NativeDoorway | undefined {
  const addon = loadNativeAddon();
  return addon && new NativeDoorway((onEvents) => addon.openDoorway(options, onEvents), told);
}

/**
 * The one typed door to the Rust doorway. What is asked for in one turn of the event loop goes over in one call at its
 * end, and what happens comes in one call for all that has happened since the last.
 */
export class NativeDoorway {
  readonly #handle: DoorwayHandle;
  readonly #told: DoorwayEvents;
  readonly #commands = new CommandBatch();
  #room = Buffer.allocUnsafeSlow(EVENT_BYTES_INITIAL);
  #onStopped: () => void = () => undefined;

  /** Use `openNativeDoorway`. */
  constructor(open: (onEvents: () => void) => DoorwayHandle, told: DoorwayEvents) {
    this.#told = told;
    this.#handle = open(() => this.#takeEvents());
  }

  port(): number {
    return this.#handle.port();
  }

  counts(): NativeDoorwayCounts {
    return this.#handle.counts();
  }

  write(id: number, bytes: Uint8Array): void {
    this.#batch().write(id, bytes);
  }

  /** What was read already still comes. */
  pause(id: number): void {
    this.#batch().pause(id);
  }

  resume(id: number): void {
    this.#batch().resume(id);
  }

  /** Sends what the device takes and ends the connection. MUST be called once for each that was opened. */
  close(id: number): void {
    this.#batch().close(id);
  }

  /** Tells the time, and turns away who has run out of it; to be called about once a second. */
  sweep(nowUnixMs: number): void {
    this.#batch().sweep(nowUnixMs);
  }

  /** Ends all connections, and resolves when the port is free. */
  stop(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
    });
    this.#handle.stop();
    return stopped;
  }

  #batch(): CommandBatch {
    if (this.#commands.isEmpty()) queueMicrotask(() => this.#handle.command(this.#commands.take()));
    return this.#commands;
  }

  #takeEvents(): void {
    let eventBytes = this.#handle.takeEvents(this.#room);
    while (eventBytes > this.#room.length) {
      this.#room = Buffer.allocUnsafeSlow(eventBytes);
      eventBytes = this.#handle.takeEvents(this.#room);
    }
    if (readEvents(this.#room, eventBytes, this.#told)) this.#onStopped();
  }
}
