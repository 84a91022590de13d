import { type PackedDeviceId, packDeviceId } from "@gridpact/native";
import { ENVELOPE_LIMITS } from "@gridpact/proto";
import type { EnvelopeSource } from "../ingest/index.ts";
import type { SessionBackend } from "./broker-hooks.ts";
import { OwnPublish } from "./own-publish.ts";
import { Unacknowledged } from "./unacknowledged.ts";

/**
 * Messages of one device on the way to the log. As many as the engine knows again when they are sent again, so an
 * honest device never meets this bound; one that floods fills 64 places of a batch of 4,096 and then waits its turn.
 */
export const IN_FLIGHT_MAX = ENVELOPE_LIMITS.replayWindowEnvelopes;

/** Fixed header, length and packet id. [MQTT-3.4] */
const PUBACK_BYTES = 4;
const PUBACK_HEADER = 0x4002;

export type LaneModules = {
  backend: SessionBackend;
  nowUnixMs: () => number;
  /** Writes to the device. */
  write: (bytes: Uint8Array) => void;
  /** The session MUST end: something was not made durable. */
  onFailed: (error: unknown) => void;
  /** Told how long each PUBLISH waited for its acknowledgement. */
  onDurable: (waitedMs: number) => void;
};

/**
 * The short way of a device's own messages: from the packet guard to the log, past the parser and the routing of the
 * broker. Exists only for a session that the broker has let in, and takes only what its hooks would have let through,
 * so authentication and access are decided before it. Acknowledgements leave in the order in which the messages came
 * in [MQTT-4.6.0-2], those of one group commit in one write.
 */
export class PublishLane implements EnvelopeSource {
  readonly packedDeviceId: PackedDeviceId;
  readonly #deviceId: string;
  readonly #modules: LaneModules;
  readonly #publish: OwnPublish;
  readonly #unacknowledged = new Unacknowledged();
  #durable = 0;
  #roomListeners: (() => void)[] = [];

  constructor(deviceId: string, modules: LaneModules) {
    this.packedDeviceId = packDeviceId(deviceId);
    this.#deviceId = deviceId;
    this.#modules = modules;
    this.#publish = new OwnPublish(deviceId);
  }

  /** Whether the packet is for this lane; the next call of `take` takes it. */
  isFor(bytes: Uint8Array, packet: { firstByte: number; bodyStart: number; end: number }): boolean {
    return this.#publish.read(bytes, packet);
  }

  /**
   * Whether the packet just looked at may be taken now. A message that does not go through the log would be
   * acknowledged before those that wait for it, so it waits until none does.
   */
  hasRoom(): boolean {
    const waiting = this.#unacknowledged.count();
    return this.#publish.channel === "reading" ? waiting < IN_FLIGHT_MAX : waiting === 0;
  }

  /** Resolves when `hasRoom` is worth asking again. */
  whenRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomListeners.push(resolve);
    });
  }

  /** Takes the packet that was just looked at, which ends at `end`. */
  take(bytes: Buffer, end: number, receivedAtUnixMs: number): void {
    const { channel, packetId, payloadStart } = this.#publish;
    this.#unacknowledged.push(packetId, receivedAtUnixMs);
    if (channel === "reading") {
      const refusal = this.#modules.backend.takeReading(this, bytes, payloadStart, end);
      if (refusal !== undefined) this.onFailed(refusal);
      return;
    }
    // A copy: the handlers may keep it, and the rest of the chunk with it.
    const copied = new Uint8Array(bytes.subarray(payloadStart, end));
    const isTaken = () => {
      this.onDurable();
      this.onGroupEnd();
    };
    this.#modules.backend.accept(this.#deviceId, channel, copied).then(isTaken, (error) => this.onFailed(error));
  }

  onDurable(): void {
    this.#durable += 1;
  }

  onGroupEnd(): void {
    if (this.#durable === 0) return;
    this.#modules.write(this.#acknowledgements());
    for (const listener of this.#roomListeners.splice(0)) listener();
  }

  onFailed(error: unknown): void {
    this.#modules.onFailed(error);
  }

  #acknowledgements(): Uint8Array {
    const now = this.#modules.nowUnixMs();
    const bytes = Buffer.allocUnsafe(this.#durable * PUBACK_BYTES);
    for (let offset = 0; this.#durable > 0; this.#durable--) {
      offset = bytes.writeUInt16BE(PUBACK_HEADER, offset);
      offset = bytes.writeUInt16BE(this.#unacknowledged.packetId(), offset);
      this.#modules.onDurable(now - this.#unacknowledged.receivedAtUnixMs());
      this.#unacknowledged.dropOldest();
    }
    return bytes;
  }
}
