import { strict as assert } from "node:assert";
import type { X509Certificate } from "node:crypto";
import { type Clock, type Log, repeat, type Timer } from "@gridpact/host";
import type { Channel } from "@gridpact/proto";
import { Aedes } from "aedes";
import {
  type DeviceConnection,
  type DeviceListener,
  type ListenerCounts,
  type ListenerKind,
  type ListenerOptions,
  openListener,
} from "../listener/index.ts";
import { RefusalCounter } from "../refusal/index.ts";
import { TokenBucket } from "../token-bucket/index.ts";
import { type BrokerHooks, brokerOptions, type PublishPath, type SessionBackend, watchBroker } from "./broker-hooks.ts";
import { deviceIdentity } from "./device-certificate.ts";
import { DeviceSessions } from "./device-sessions.ts";
import { PacketGuard } from "./packet-guard.ts";
import type { RefusalReason } from "./refusal.ts";

/** Sockets of one device at a time: the one in use, and the next ones after a network that lost the last. */
export const SOCKETS_PER_DEVICE_MAX = 4;

/** How often overdue connections are looked for. */
const SWEEP_PERIOD_MS = 1_000;

/**
 * What a device under quarantine may still send. Each of its envelopes is logged with its refusal, so at its old rate
 * it would go on taking disk and time from the honest; it is acknowledged all the same, soon enough to be noticed.
 */
export const QUARANTINE_LIMITS = { burst: 10, perSecond: 10 } as const;

export type SessionOptions = ListenerOptions & {
  /** Packets that one device may send, in the mean and at once; beyond it its socket is not read. */
  packetsPerSecond: number;
  packetsBurst: number;
  /** For comparisons; by default the device's messages take the lane. */
  publishPath?: PublishPath;
  /** By default the native one where it was built. */
  listener?: ListenerKind | undefined;
};

/** `backend` decides and keeps; sessions know neither log nor ledger. */
export type SessionModules = {
  /** The machine's time, never an accelerated one: it measures networks. */
  clock: Clock;
  log: Log;
  backend: SessionBackend;
  /** Told how long each PUBLISH waited until it was durable and could be acknowledged. */
  onDurable?: (waitedMs: number) => void;
};

/** What the metrics show of the sessions. */
export type SessionCounts = {
  connectedDevices: number;
  sockets: number;
  /** Connections that TLS has not let in. */
  listener: ListenerCounts;
  /** Times a device's socket was not read for a while, because of its rate or a full ingest queue. */
  holds: number;
  refusals: Partial<Record<RefusalReason, number>>;
};

/**
 * MQTT 3.1.1 over mutual TLS for enrolled devices. The way of a packet: TLS with a client certificate, packet guard,
 * Aedes's parser, the hooks in broker-hooks.ts, the virtual node. The version is 1.3 only, as both ends are ours.
 */
export class SessionServer {
  readonly #options: SessionOptions;
  readonly #modules: SessionModules;
  readonly #sessions: DeviceSessions;
  readonly #refusals: RefusalCounter<RefusalReason>;
  /**
   * One for each certified device that ever connected. Nodes of one organisation share its authority, so their devices
   * can come this far too: as many as the organisation has, at some hundred bytes each.
   */
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #guards = new Map<string, Set<PacketGuard>>();
  #sockets = 0;
  #listener: DeviceListener | undefined;
  #broker: Aedes | undefined;
  #sweeper: Timer | undefined;
  #holds = 0;

  private constructor(options: SessionOptions, modules: SessionModules) {
    this.#options = options;
    this.#modules = modules;
    this.#sessions = new DeviceSessions(modules.clock);
    this.#refusals = new RefusalCounter("session_refused", modules.log);
  }

  /** Resolves when connections are accepted; rejects when the address cannot be had. */
  static async listen(options: SessionOptions, modules: SessionModules): Promise<SessionServer> {
    const server = new SessionServer(options, modules);
    await server.#start();
    return server;
  }

  port(): number {
    return this.#started().port();
  }

  counts(): SessionCounts {
    return {
      connectedDevices: this.#sessions.size(),
      sockets: this.#sockets,
      listener: this.#started().counts(),
      holds: this.#holds,
      refusals: this.#refusals.counts(),
    };
  }

  /**
   * Publishes on the device's exact topic, and resolves when the device has acknowledged it.
   * @throws DeviceLinkError when it is not known to be there; it may be sent again.
   */
  send(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void> {
    return this.#sessions.send(deviceId, channel, bytes);
  }

  /** Ends all sessions and resolves when the port is free. What was not acknowledged will be sent again. */
  async close(): Promise<void> {
    this.#sweeper?.cancel();
    const closed = this.#listener?.close();
    await new Promise<void>((resolve) => {
      if (this.#broker === undefined) resolve();
      else this.#broker.close(() => resolve());
    });
    for (const guard of this.#allGuards()) guard.destroy();
    await closed;
  }

  async #start(): Promise<void> {
    const hooks: BrokerHooks = {
      backend: this.#modules.backend,
      sessions: this.#sessions,
      publishPath: this.#options.publishPath ?? "lane",
      refuse: (reason, deviceId) => this.#refuse(reason, deviceId),
      log: this.#modules.log,
      nowUnixMs: () => this.#modules.clock.nowUnixMs(),
      onDurable: (waitedMs) => this.#modules.onDurable?.(waitedMs),
    };
    this.#broker = await Aedes.createBroker(brokerOptions(hooks));
    watchBroker(this.#broker, hooks);
    const { listener: kind, ...options } = this.#options;
    this.#listener = await openListener(
      { ...options, kind },
      {
        log: this.#modules.log,
        nowUnixMs: () => this.#modules.clock.nowUnixMs(),
        onConnection: (connection, certificate) => this.#welcome(connection, certificate),
        onRefused: () => this.#refuse("tls_handshake"),
      },
    );
    this.#sweeper = repeat({
      clock: this.#modules.clock,
      periodMs: SWEEP_PERIOD_MS,
      task: async () => this.#sweep(),
      onError: () => true,
    });
  }

  #started(): DeviceListener {
    assert(this.#listener !== undefined, "`listen` gives a server that listens");
    return this.#listener;
  }

  /** TLS has verified the certificate; from here on the identity is its, whatever the device says. */
  #welcome(connection: DeviceConnection, certificate: X509Certificate): void {
    const identity = deviceIdentity(certificate);
    if (identity === undefined) {
      this.#refuse("no_identity");
      connection.close();
      return;
    }
    const { deviceId } = identity;
    const bucket = this.#bucketOf(deviceId);
    const guard = new PacketGuard(connection, identity, {
      admit: (isPublish) => this.#admit(bucket, isPublish),
      onHeld: () => {
        this.#holds += 1;
      },
      refuse: (reason) => this.#refuse(reason, deviceId),
      nowUnixMs: () => this.#modules.clock.nowUnixMs(),
    });
    if ((this.#guards.get(deviceId)?.size ?? 0) >= SOCKETS_PER_DEVICE_MAX) {
      guard.refuse("too_many_sockets");
      return;
    }
    this.#remember(guard);
    this.#broker?.handle(guard);
  }

  /** Counted by device, so that one of them cannot use up the connections of all. */
  #remember(guard: PacketGuard): void {
    const { deviceId } = guard.identity;
    const ofDevice = this.#guards.get(deviceId) ?? new Set();
    this.#guards.set(deviceId, ofDevice.add(guard));
    this.#sockets += 1;
    guard.once("close", () => {
      this.#sockets -= 1;
      ofDevice.delete(guard);
      if (ofDevice.size === 0) this.#guards.delete(deviceId);
    });
  }

  #allGuards(): PacketGuard[] {
    return [...this.#guards.values()].flatMap((ofDevice) => [...ofDevice]);
  }

  #bucketOf(deviceId: string): TokenBucket {
    const { packetsBurst: burst, packetsPerSecond: perSecond } = this.#options;
    const known = this.#buckets.get(deviceId);
    if (known !== undefined) return known;
    const bucket = new TokenBucket({ burst, perSecond }, this.#modules.clock.nowUnixMs());
    this.#buckets.set(deviceId, bucket);
    return bucket;
  }

  /** Undefined when a packet of the device may be read now, else when to ask again. */
  #admit(bucket: TokenBucket, isPublish: boolean): Promise<void> | undefined {
    const { backend, clock } = this.#modules;
    if (isPublish && !backend.canAcceptWork()) return backend.whenAccepting();
    const waitMs = bucket.take(clock.nowUnixMs());
    if (waitMs === 0) return undefined;
    return new Promise((resolve) => {
      clock.after(waitMs, resolve);
    });
  }

  /** One timer for all connections, as one for each packet would cost more than the packet. */
  #sweep(): void {
    this.#listener?.sweep();
    for (const deviceId of this.#modules.backend.quarantined()) this.#buckets.get(deviceId)?.limit(QUARANTINE_LIMITS);
    for (const guard of this.#allGuards()) {
      // A session outlives the moment its device is revoked by one sweep at most.
      const isRevoked = this.#modules.backend.deviceKey(guard.identity.deviceId) === undefined;
      const reason = guard.overdue() ?? (isRevoked && guard.isOpen() ? "not_enrolled" : undefined);
      if (reason !== undefined) guard.refuse(reason);
    }
  }

  #refuse(reason: RefusalReason, deviceId?: string): void {
    this.#refusals.count(reason, { deviceId });
  }
}
