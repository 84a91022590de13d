import { strict as assert } from "node:assert";
import { Duplex } from "node:stream";
import { parser } from "mqtt-packet";
import type { EnvelopeSource } from "../src/ingest/index.ts";
import type { SessionBackend } from "../src/session/broker-hooks.ts";
import { PACKET_BYTES_MAX, PacketGuard } from "../src/session/packet-guard.ts";
import { PublishLane } from "../src/session/publish-lane.ts";
import { LentConnection } from "../test/lent-connection.ts";
import { DEVICE_ID } from "./mqtt-inputs.ts";

/** The network's end of a connection: hands in what the fuzzer says, and keeps nothing of what comes back. */
export class FuzzedSocket extends Duplex {
  writtenBytes = 0;

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: () => void): void {
    this.writtenBytes += chunk.length;
    callback();
  }
}

/** Of every fuzzed connection, which stands behind TLS: whoever sends has a certificate, and may send anything. */
export const IDENTITY = { deviceId: DEVICE_ID, publicKey: new Uint8Array(32) };

/** A node that makes everything durable at once, and counts it. */
export class InstantBackend implements SessionBackend {
  readings = 0;

  deviceKey(): Uint8Array {
    return IDENTITY.publicKey;
  }

  async accept(): Promise<void> {}

  takeReading(source: EnvelopeSource, bytes: Buffer, start: number, end: number): undefined {
    assert(start <= end && end <= bytes.length, "a payload lies within its packet");
    this.readings += 1;
    source.onDurable(0);
    source.onGroupEnd();
  }

  quarantined(): readonly string[] {
    return [];
  }

  canAcceptWork(): boolean {
    return true;
  }

  async whenAccepting(): Promise<void> {}
}

/** A guard without rate limits or time: what is looked for are bytes that it cannot bear. */
export function guardOf(socket: Duplex, onRefused: () => void): PacketGuard {
  return new PacketGuard(new LentConnection(socket), IDENTITY, {
    admit: () => undefined,
    onHeld: () => undefined,
    refuse: onRefused,
    nowUnixMs: () => 0,
  });
}

/**
 * Guard, lane and the broker's parser, without the broker: as fast as what is fuzzed. Whoever sends CONNECT is let in.
 */
export class FuzzedConnection {
  readonly backend = new InstantBackend();
  readonly socket = new FuzzedSocket();
  isRefused = false;
  packets = 0;
  isUnparsable = false;

  constructor() {
    const guard = guardOf(this.socket, () => {
      this.isRefused = true;
    });
    const packets = parser({ protocolVersion: 4 });
    packets.on("packet", () => {
      this.packets += 1;
    });
    packets.on("error", () => {
      this.isUnparsable = true;
      guard.destroy();
    });
    guard.on("error", () => undefined);
    guard.on("data", (chunk: Buffer) => {
      assert(chunk.length <= PACKET_BYTES_MAX * 2, "no more than has come in");
      if (!this.isUnparsable) packets.parse(chunk);
      if (!guard.isOpen()) guard.open(this.#lane(guard));
    });
  }

  /** Whether the connection is over, whoever ended it. */
  isOver(): boolean {
    return this.isRefused || this.isUnparsable;
  }

  receive(chunk: Buffer): void {
    if (!this.socket.destroyed) this.socket.push(chunk);
  }

  end(): void {
    this.socket.destroy();
  }

  #lane(guard: PacketGuard): PublishLane {
    return new PublishLane(DEVICE_ID, {
      backend: this.backend,
      nowUnixMs: () => 0,
      write: (bytes) => guard.writeAtOnce(bytes),
      onFailed: () => guard.refuse("not_durable"),
      onDurable: () => undefined,
    });
  }
}
