import { type Channel, deviceTopic } from "@gridpact/proto";
import type { Client } from "aedes";

/** Why a message could not be handed to a device's session; the sender looks again later. */
export type DeviceLinkFailureCode = "DEVICE_OFFLINE" | "DEVICE_BACKLOGGED";

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

/** Messages to one device that its socket has not taken yet; an event sends a handful. */
export const SENDS_PENDING_MAX = 64;

type Session = { client: Client; topics: Set<string>; sendsPending: number };

/** The connected devices and what they subscribe to. Nothing is kept for a device that is away. */
export class DeviceSessions {
  readonly #sessions = new Map<string, Session>();

  connected(client: Client): void {
    this.#sessions.set(client.id, { client, topics: new Set(), sendsPending: 0 });
  }

  disconnected(client: Client): void {
    // A device that came back has a new session by the time the old one is reported gone.
    if (this.#sessions.get(client.id)?.client === client) this.#sessions.delete(client.id);
  }

  subscribed(client: Client, topic: string): void {
    this.#sessions.get(client.id)?.topics.add(topic);
  }

  unsubscribed(client: Client, topics: readonly string[]): void {
    for (const topic of topics) this.#sessions.get(client.id)?.topics.delete(topic);
  }

  size(): number {
    return this.#sessions.size;
  }

  /**
   * Resolves when the message is written to the device's socket.
   * @throws DeviceLinkError DEVICE_OFFLINE when the device is away or does not listen, DEVICE_BACKLOGGED when it does
   * not read.
   */
  send(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void> {
    const topic = deviceTopic(deviceId, channel);
    const session = this.#sessions.get(deviceId);
    if (!session?.topics.has(topic)) return Promise.reject(new DeviceLinkError("DEVICE_OFFLINE", deviceId));
    if (session.sendsPending >= SENDS_PENDING_MAX) {
      return Promise.reject(new DeviceLinkError("DEVICE_BACKLOGGED", deviceId));
    }
    session.sendsPending += 1;
    return new Promise((resolve, reject) => {
      const packet = { cmd: "publish", topic, payload: Buffer.from(bytes), qos: 1, retain: false, dup: false } as const;
      session.client.publish(packet, (error) => {
        session.sendsPending -= 1;
        if (error) reject(error);
        else resolve();
      });
    });
  }
}
