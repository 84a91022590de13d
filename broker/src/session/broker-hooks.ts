import type { Log } from "@gridpact/host";
import type { Channel } from "@gridpact/proto";
import type { Aedes, AedesOptions, AuthenticateError, Client } from "aedes";
import type { EnvelopeSource } from "../ingest/index.ts";
import { connectRefusal, type DeviceIdentity, publishAccess, subscribeRefusal } from "./access.ts";
import type { DeviceSessions } from "./device-sessions.ts";
import { PacketGuard } from "./packet-guard.ts";
import { PublishLane } from "./publish-lane.ts";
import { type RefusalReason, SessionRefusal } from "./refusal.ts";

/** What the sessions need of the virtual node. */
export interface SessionBackend {
  /** Enrolled key of a device, undefined when it is unknown or revoked. */
  deviceKey(deviceId: string): Uint8Array | undefined;
  /** Resolves when the message may be acknowledged; rejects when it MUST NOT be. */
  accept(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void>;
  /**
   * Takes a copy of the reading at `[start, end)` of `bytes`; its source is told when it may be acknowledged. What
   * comes back is why it was not taken.
   */
  takeReading(source: EnvelopeSource, bytes: Buffer, start: number, end: number): Error | undefined;
  /** Devices whose envelopes are refused until an operator looks. */
  quarantined(): readonly string[];
  canAcceptWork(): boolean;
  /** Resolves when `canAcceptWork` is worth asking again. */
  whenAccepting(): Promise<void>;
}

/**
 * Which way a device's messages take: past the broker (see publish-lane.ts), or through its parser and hooks like every
 * other packet. Both keep the same promises; the second is there to be compared with.
 */
export type PublishPath = "lane" | "broker";

/** What the hooks share; one for the whole broker, as Aedes has one set of hooks. */
export type BrokerHooks = {
  backend: SessionBackend;
  sessions: DeviceSessions;
  publishPath: PublishPath;
  /** Counts and logs. */
  refuse: (reason: RefusalReason, deviceId?: string) => void;
  log: Log;
  nowUnixMs: () => number;
  /** Told how long a PUBLISH waited for its acknowledgement. */
  onDurable: (waitedMs: number) => void;
};

/** A device that does not read what it subscribed to loses its connection after this. */
const DRAIN_TIMEOUT_MS = 30_000;

/**
 * The hooks of Aedes. `authorizePublish` is where a PUBLISH waits to become durable: Aedes writes PUBACK right after
 * it, before it routes the message. Replacing it drops Aedes's own protection of `$SYS`, and Aedes also calls it for
 * wills, with no client when an old broker's wills are cleared: all of that is refused here.
 */
export function brokerOptions(hooks: BrokerHooks): AedesOptions {
  const refusedAtConnect = new WeakMap<Client, SessionRefusal>();
  return {
    drainTimeout: DRAIN_TIMEOUT_MS,
    preConnect(client, packet, callback) {
      const claim = { clientId: packet.clientId, isClean: packet.clean === true, hasWill: packet.will !== undefined };
      const identity = identityOf(client);
      const reason = connectRefusal(identity, claim, hooks.backend.deviceKey(identity.deviceId));
      if (reason !== undefined) refusedAtConnect.set(client, new SessionRefusal(reason));
      // Every session ends with its connection: the agent repeats itself, so nothing is queued for who is away.
      packet.clean = true;
      // The guard sees every packet, the broker does not: it keeps the time, and its sweep costs no timer for each.
      guardOf(client).announceKeepAlive((packet.keepalive ?? 0) * 1_000);
      packet.keepalive = 0;
      callback(null, true);
    },
    authenticate(client, _username, _password, done) {
      const refusal = refusedAtConnect.get(client);
      if (refusal === undefined) done(null, true);
      else done(refusal as AuthenticateError, false);
    },
    authorizePublish(client, packet, callback) {
      makeDurable(hooks, client, packet).then(() => callback(null), callback);
    },
    authorizeSubscribe(client, subscription, callback) {
      const { deviceId } = identityOf(client);
      const reason = subscribeRefusal(deviceId, subscription);
      if (reason === undefined) {
        hooks.sessions.subscribed(client, subscription.topic);
        callback(null, subscription);
      } else {
        hooks.refuse(reason, deviceId);
        // SUBACK then says 0x80 for this topic. [MQTT-3.9.3]
        callback(null, null);
      }
    },
  };
}

/** Keeps the list of sessions, and counts what Aedes reports; its `error` would end the process unheard. */
export function watchBroker(broker: Aedes, hooks: BrokerHooks): void {
  broker.on("client", (client) => hooks.sessions.connected(client));
  broker.on("clientReady", (client) => openSession(guardOf(client), hooks));
  broker.on("clientDisconnect", (client) => hooks.sessions.disconnected(client));
  broker.on("unsubscribe", (topics, client) => hooks.sessions.unsubscribed(client, topics));
  broker.on("ack", (_packet, client) => hooks.sessions.acknowledged(client));
  const report = (client: Client, error: Error) => {
    const reason = reasonOf(error);
    if (reason !== undefined) hooks.refuse(reason, identityOf(client).deviceId);
  };
  broker.on("clientError", report);
  broker.on("connectionError", report);
  // The typings of Aedes leave out the one event that must be listened to.
  (broker as NodeJS.EventEmitter).on("error", (error: Error) => {
    hooks.refuse("broker_error");
    hooks.log.error("broker_error", { reason: String(error) });
  });
}

/** CONNACK is out: whatever the device says from now on, it may say. */
function openSession(guard: PacketGuard, { backend, publishPath, nowUnixMs, onDurable }: BrokerHooks): void {
  if (publishPath === "broker") {
    guard.open();
    return;
  }
  const lane = new PublishLane(guard.identity.deviceId, {
    backend,
    nowUnixMs,
    onDurable,
    write: (bytes) => guard.writeAtOnce(bytes),
    onFailed: () => guard.refuse("not_durable"),
  });
  guard.open(lane);
}

type PublishedPacket = { cmd?: string; topic: string; qos: number; retain: boolean; payload: Buffer | string };

async function makeDurable(hooks: BrokerHooks, client: Client | null, packet: PublishedPacket): Promise<void> {
  if (client === null) throw new SessionRefusal("no_client");
  // A will is handed in as it stood in CONNECT, without being a packet of its own.
  if (packet.cmd !== "publish") throw new SessionRefusal("will");
  const { deviceId } = identityOf(client);
  const access = publishAccess(deviceId, packet);
  if (!access.isAllowed) throw new SessionRefusal(access.reason);
  const { payload } = packet;
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  const receivedAtUnixMs = hooks.nowUnixMs();
  try {
    await hooks.backend.accept(deviceId, access.channel, bytes);
    hooks.onDurable(hooks.nowUnixMs() - receivedAtUnixMs);
  } catch (cause) {
    throw new SessionRefusal("not_durable", cause);
  }
}

function guardOf({ conn }: Client): PacketGuard {
  if (!(conn instanceof PacketGuard)) throw new TypeError("a connection without guard");
  return conn;
}

function identityOf(client: Client): DeviceIdentity {
  return guardOf(client).identity;
}

/** A connection that just broke off is no refusal. */
function reasonOf(error: Error): RefusalReason | undefined {
  if (error instanceof SessionRefusal) return error.reason;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined && error.message !== "connection closed" ? "protocol_error" : undefined;
}
