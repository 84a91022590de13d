import type { Clock } from "@gridpact/host";
import { type Channel, deviceTopic } from "@gridpact/proto";
import type { Client } from "aedes";

/** Why a message is not known to be with the device; the sender looks again later. */
export type DeviceLinkFailureCode = "DEVICE_OFFLINE" | "DEVICE_BACKLOGGED" | "DEVICE_SILENT";

/** A message did not get to its device, as far as anybody knows. `code` is stable; sending again is harmless. */
export class DeviceLinkError extends Error {
  readonly code: DeviceLinkFailureCode;
  readonly deviceId: string;

  constructor(code: DeviceLinkFailureCode, deviceId: string) {
    super(`${deviceId}: ${code}`);
    this.name = "DeviceLinkError";
    this.code = code;
    this.deviceId = deviceId;
  }
}

/** Messages that one device has not acknowledged yet; an event sends a handful. */
export const SENDS_PENDING_MAX = 64;

/** Time for a message to reach a device, become durable there, and be acknowledged. */
export const ACKNOWLEDGE_TIMEOUT_MS = 10_000;

type Pending = { resolve: () => void; reject: (error: DeviceLinkError) => void };

/** `pending` in the order of sending, which is the order of acknowledgement. [MQTT-4.6.0-2] */
type Session = { client: Client; topics: Set<string>; pending: Pending[] };

/** The connected devices and what they subscribe to. Nothing is kept for a device that is away. */
export class DeviceSessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  connected(client: Client): void {
    this.#sessions.set(client.id, { client, topics: new Set(), pending: [] });
  }

  disconnected(client: Client): void {
    const session = this.#sessions.get(client.id);
    // A device that came back has a new session by the time the old one is reported gone.
    if (session?.client !== client) return;
    this.#sessions.delete(client.id);
    for (const { reject } of session.pending) reject(new DeviceLinkError("DEVICE_OFFLINE", client.id));
  }

  subscribed(client: Client, topic: string): void {
    this.#sessions.get(client.id)?.topics.add(topic);
  }

  unsubscribed(client: Client, topics: readonly string[]): void {
    for (const topic of topics) this.#sessions.get(client.id)?.topics.delete(topic);
  }

  acknowledged(client: Client): void {
    this.#sessions.get(client.id)?.pending.shift()?.resolve();
  }

  size(): number {
    return this.#sessions.size;
  }

  /**
   * Resolves when the device has acknowledged the message, which it does when it has it on its own disk.
   * @throws DeviceLinkError DEVICE_OFFLINE when the device is away, goes away or does not listen, DEVICE_BACKLOGGED
   * when too many messages are unacknowledged, DEVICE_SILENT when it took too long. The message may be sent again.
   */
  send(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void> {
    const topic = deviceTopic(deviceId, channel);
    const session = this.#sessions.get(deviceId);
    if (!session?.topics.has(topic)) return Promise.reject(new DeviceLinkError("DEVICE_OFFLINE", deviceId));
    if (session.pending.length >= SENDS_PENDING_MAX) {
      return Promise.reject(new DeviceLinkError("DEVICE_BACKLOGGED", deviceId));
    }
    const packet = { cmd: "publish", topic, payload: Buffer.from(bytes), qos: 1, retain: false, dup: false } as const;
    return new Promise((resolve, reject) => {
      // A late acknowledgement still takes its place in the order.
      const timer = this.#clock.after(ACKNOWLEDGE_TIMEOUT_MS, () => {
        reject(new DeviceLinkError("DEVICE_SILENT", deviceId));
      });
      const settle = (act: () => void) => {
        timer.cancel();
        act();
      };
      const pending = { resolve: () => settle(resolve), reject: (error: Error) => settle(() => reject(error)) };
      session.pending.push(pending);
      // Aedes calls back when it has written the packet; without a callback it would fail.
      session.client.publish(packet, () => undefined);
    });
  }
}
