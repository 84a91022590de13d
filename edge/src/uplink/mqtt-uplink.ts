import { strict as assert } from "node:assert";
import type { SecureVersion } from "node:tls";
import type { Clock, Log, Random, Timer } from "@gridpact/host";
import { type Channel, DEVICE_SUBSCRIBE_CHANNELS, deviceTopic } from "@gridpact/proto";
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { backoffMs } from "./backoff.ts";
import { type Uplink, UplinkError } from "./uplink.ts";

/** `deviceId` is the client id, and MUST be the name in the certificate: the virtual node refuses any other. */
export type MqttUplinkOptions = {
  deviceId: string;
  host: string;
  port: number;
  /** The device's certificate and key, and the authority that the virtual node's certificate MUST come from. */
  certificatePem: string;
  keyPem: string;
  caPem: string;
};

/** `clock` is that of the network: real time, even where the device's own time is accelerated. */
export type MqttUplinkModules = { clock: Clock; random: Random; log: Log };

/** A dead connection is noticed within one and a half of these. [MQTT-3.1.2-24] */
const KEEPALIVE_S = 30;

/** From the first packet to the CONNACK; a virtual node under load answers within seconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Uplink over MQTT 3.1.1 with mutual TLS, QoS 1 and a persistent session. Each connection is a client of its own:
 * nothing lingers in a client's store to be sent by it later, so the order is the caller's, and the pause before the
 * next attempt is ours.
 */
export class MqttUplink implements Uplink {
  readonly #options: MqttUplinkOptions;
  readonly #modules: MqttUplinkModules;
  readonly #handlers = new Map<string, (bytes: Uint8Array) => Promise<void>>();
  /** Publishes of the current connection that wait for their PUBACK. */
  readonly #waiting = new Set<(error: UplinkError) => void>();
  #onConnected: () => void = () => undefined;
  #client: MqttClient | undefined;
  #isConnected = false;
  #isClosed = false;
  #failedAttempts = 0;
  #retry: Timer | undefined;

  constructor(options: MqttUplinkOptions, modules: MqttUplinkModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async connect(): Promise<void> {
    assert(this.#client === undefined && !this.#isClosed, "an uplink is connected once");
    this.#attempt();
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  onConnected(handler: () => void): void {
    this.#onConnected = handler;
  }

  onMessage(channel: Channel, handler: (bytes: Uint8Array) => Promise<void>): void {
    this.#handlers.set(deviceTopic(this.#options.deviceId, channel), handler);
  }

  publish(channel: Channel, bytes: Uint8Array): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#isConnected) return Promise.reject(new UplinkError("UPLINK_NOT_CONNECTED"));
    const topic = deviceTopic(this.#options.deviceId, channel);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      client.publish(topic, Buffer.from(bytes), { qos: 1 }, (error) => {
        if (!this.#waiting.delete(reject)) return;
        if (error) reject(new UplinkError("UPLINK_LOST", error));
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    const client = this.#client;
    // A farewell needs a connection, and would wait for every acknowledgement; without one the socket is just closed.
    const isForced = !this.#isConnected || this.#waiting.size > 0;
    this.#lose();
    if (client !== undefined) await client.endAsync(isForced);
  }

  /** `reconnectPeriod: 0`: the client never reconnects by itself, since it would send its own store again first. */
  #attempt(): void {
    const { deviceId, host, port, certificatePem, keyPem, caPem } = this.#options;
    const connection: IClientOptions & { minVersion: SecureVersion } = {
      protocol: "mqtts",
      host,
      port,
      cert: certificatePem,
      key: keyPem,
      ca: caPem,
      minVersion: "TLSv1.3",
      rejectUnauthorized: true,
      clientId: deviceId,
      clean: false,
      protocolVersion: 4,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
    };
    const client = connect(connection);
    this.#client = client;
    client.handleMessage = (packet, done) => void this.#receive(client, packet as IPublishPacket, done);
    client.on("connect", () => void this.#subscribe(client));
    client.on("error", (error) => this.#modules.log.warn("uplink_error", { deviceId, error: String(error) }));
    client.on("close", () => this.#reconnectLater(client));
  }

  /** Connected means subscribed: a setpoint sent now arrives. Subscribing again changes nothing. [MQTT-3.8.4-3] */
  async #subscribe(client: MqttClient): Promise<void> {
    const topics = DEVICE_SUBSCRIBE_CHANNELS.map((channel) => deviceTopic(this.#options.deviceId, channel));
    try {
      await client.subscribeAsync(topics, { qos: 1 });
    } catch (error) {
      this.#modules.log.warn("subscription_refused", { deviceId: this.#options.deviceId, error: String(error) });
      client.end(true);
      return;
    }
    if (client !== this.#client || this.#isClosed) return;
    this.#isConnected = true;
    this.#failedAttempts = 0;
    this.#onConnected();
  }

  /** The client sends PUBACK when told that it is done: after the handler, or never. [MQTT-4.3.2-2] */
  async #receive(client: MqttClient, packet: IPublishPacket, done: (error?: Error) => void): Promise<void> {
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    try {
      await this.#handlers.get(packet.topic)?.(new Uint8Array(payload));
      done();
    } catch (error) {
      this.#modules.log.warn("message_not_handled", { deviceId: this.#options.deviceId, error: String(error) });
      client.end(true);
    }
  }

  /** Every way in which a connection ends, or never stood, comes here. */
  #reconnectLater(client: MqttClient): void {
    if (client !== this.#client) return;
    this.#lose();
    if (this.#isClosed) return;
    const delayMs = backoffMs(this.#failedAttempts, this.#modules.random);
    this.#failedAttempts += 1;
    this.#retry = this.#modules.clock.after(delayMs, () => this.#attempt());
  }

  /** The connection is gone: what was not acknowledged on it is unknown. */
  #lose(): void {
    this.#client = undefined;
    this.#isConnected = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(new UplinkError("UPLINK_LOST"));
  }
}
