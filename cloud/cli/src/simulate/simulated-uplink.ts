import { type Uplink, UplinkError } from "@gridpact/edge";
import { type Clock, sleep } from "@gridpact/host";
import type { Channel } from "@gridpact/proto";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedNetwork } from "./network.ts";

/** What a device's connection ends in: the virtual node as it lives now, undefined while it is down. */
export type UplinkPeer = {
  deviceId: string;
  accept(channel: Channel, bytes: Uint8Array): Promise<void>;
  /** The life that the connection depends on. */
  incarnation: Incarnation;
};

export type SimulatedUplinkModules = {
  clock: Clock;
  network: SimulatedNetwork;
  device: Incarnation;
  /** The peer, or undefined while nobody listens. */
  reach: () => UplinkPeer | undefined;
  /** Told of each envelope that leaves the device, and of each PUBACK. */
  onSent: (channel: Channel, bytes: Uint8Array) => void;
  onAcked: (channel: Channel, bytes: Uint8Array) => void;
};

/** Between two attempts to connect. */
const RECONNECT_MS = 2_000;

type Handler = (bytes: Uint8Array) => Promise<void>;

/**
 * A device's MQTT session over the simulated network: at least once up, at most once down, lost when either side dies.
 */
export class SimulatedUplink implements Uplink {
  readonly #modules: SimulatedUplinkModules;
  readonly #handlers = new Map<Channel, Handler>();
  #onConnected: () => void = () => undefined;
  #peer: UplinkPeer | undefined;
  #isClosed = false;
  /** Grows with each loss of connection; what waits for an acknowledgement of an older one is lost. */
  #session = 0;
  readonly #waiting = new Set<(error: UplinkError) => void>();

  constructor(modules: SimulatedUplinkModules) {
    this.#modules = modules;
  }

  async connect(): Promise<void> {
    void this.#keepConnecting();
  }

  isConnected(): boolean {
    return this.#peer !== undefined;
  }

  onConnected(handler: () => void): void {
    this.#onConnected = handler;
  }

  onMessage(channel: Channel, handler: Handler): void {
    this.#handlers.set(channel, handler);
  }

  async publish(channel: Channel, bytes: Uint8Array): Promise<void> {
    const peer = this.#peer;
    if (peer === undefined) throw new UplinkError("UPLINK_NOT_CONNECTED");
    const session = this.#session;
    const { network, clock, onSent, onAcked } = this.#modules;
    onSent(channel, bytes);
    const fate = network.fate();
    await sleep(clock, fate.delayMs);
    if (session !== this.#session) throw new UplinkError("UPLINK_LOST");
    if (fate.isDropped) return this.#lose();
    // A resend after a lost acknowledgement, seen from the virtual node.
    if (fate.isDuplicated) await this.#untilLost(session, peer.accept(channel, bytes));
    await this.#untilLost(session, peer.accept(channel, bytes));
    const back = network.fate();
    await sleep(clock, back.delayMs);
    if (session !== this.#session) throw new UplinkError("UPLINK_LOST");
    if (back.isDropped) return this.#lose();
    onAcked(channel, bytes);
  }

  /** A message from the virtual node; lost when the session does not stand. */
  deliver(channel: Channel, bytes: Uint8Array): void {
    const { network, clock } = this.#modules;
    const fate = network.fate();
    if (fate.isDropped || this.#peer === undefined) return;
    const copies = fate.isDuplicated ? 2 : 1;
    const session = this.#session;
    for (let copy = 0; copy < copies; copy++) {
      clock.after(fate.delayMs, () => {
        // A handler that fails leaves the message unacknowledged; the virtual node sends it again by itself.
        if (session === this.#session)
          this.#handlers
            .get(channel)?.(bytes)
            .catch(() => undefined);
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#drop();
  }

  async #keepConnecting(): Promise<void> {
    const { clock, device, reach } = this.#modules;
    while (!this.#isClosed && device.isAlive()) {
      if (this.#peer === undefined) this.#attach(reach());
      await sleep(clock, RECONNECT_MS);
    }
  }

  #attach(peer: UplinkPeer | undefined): void {
    if (peer === undefined) return;
    this.#peer = peer;
    const session = this.#session;
    peer.incarnation.onDeath(() => {
      if (session === this.#session) this.#drop();
    });
    this.#onConnected();
  }

  /** A lost packet ends the TCP connection; the device connects again. */
  #lose(): never {
    this.#drop();
    throw new UplinkError("UPLINK_LOST");
  }

  #drop(): void {
    this.#peer = undefined;
    this.#session += 1;
    for (const reject of this.#waiting) reject(new UplinkError("UPLINK_LOST"));
    this.#waiting.clear();
  }

  /** Waits for the virtual node, which may die with its answer; then the loss of the session ends the wait. */
  #untilLost(session: number, accepted: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settled = accepted.finally(() => this.#waiting.delete(reject));
      settled.then(resolve, () => {
        // Not durable there: a real broker would leave it unacknowledged until the session ends.
        if (session === this.#session) this.#drop();
        reject(new UplinkError("UPLINK_LOST"));
      });
    });
  }
}
