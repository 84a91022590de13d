import type { Log } from "@gridpact/host";
import type { Channel } from "@gridpact/proto";
import type { Aedes, AedesOptions, AuthenticateError, Client } from "aedes";
import { connectRefusal, type DeviceIdentity, publishAccess, subscribeRefusal } from "./access.ts";
import type { DeviceSessions } from "./device-sessions.ts";
import { PacketGuard } from "./packet-guard.ts";
import { type RefusalReason, SessionRefusal } from "./refusal.ts";

/** What the sessions need of the virtual node. */
export interface SessionBackend {
  /** Enrolled key of a device, undefined when it is unknown or revoked. */
  deviceKey(deviceId: string): Uint8Array | undefined;
  /** Resolves when the message may be acknowledged; rejects when it MUST NOT be. */
  accept(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void>;
  canAcceptWork(): boolean;
  /** Resolves when `canAcceptWork` is worth asking again. */
  whenAccepting(): Promise<void>;
}

export type BrokerHooks = {
  backend: SessionBackend;
  sessions: DeviceSessions;
  /** Counts and logs. */
  refuse: (reason: RefusalReason, deviceId?: string) => void;
  log: Log;
  nowUnixMs: () => number;
  /** Told how long a PUBLISH waited for its acknowledgement. */
  onDurable: (waitedMs: number) => void;
};

/** A device that does not read what it subscribed to loses its connection after this. */
const DRAIN_TIMEOUT_MS = 30_000;

/** Packets parsed before CONNACK is out: a device's first subscriptions and envelopes. */
const PACKETS_BEFORE_CONNACK_MAX = 16;

/**
 * The hooks of Aedes. `authorizePublish` is where a PUBLISH waits to become durable: Aedes writes PUBACK right after
 * it, before it routes the message. Replacing it drops Aedes's own protection of `$SYS`, and Aedes also calls it for
 * wills, with no client when an old broker's wills are cleared: all of that is refused here.
 */
export function brokerOptions(hooks: BrokerHooks): AedesOptions {
  const refusedAtConnect = new WeakMap<Client, SessionRefusal>();
  return {
    drainTimeout: DRAIN_TIMEOUT_MS,
    queueLimit: PACKETS_BEFORE_CONNACK_MAX,
    preConnect(client, packet, callback) {
      const claim = { clientId: packet.clientId, isClean: packet.clean === true, hasWill: packet.will !== undefined };
      const identity = identityOf(client);
      const reason = connectRefusal(identity, claim, hooks.backend.deviceKey(identity.deviceId));
      if (reason !== undefined) refusedAtConnect.set(client, new SessionRefusal(reason));
      // Every session ends with its connection: the agent repeats itself, so nothing is queued for who is away.
      packet.clean = true;
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
  const keepaliveRanOut = new WeakSet<Client>();
  broker.on("client", (client) => hooks.sessions.connected(client));
  broker.on("clientDisconnect", (client) => hooks.sessions.disconnected(client));
  broker.on("unsubscribe", (topics, client) => hooks.sessions.unsubscribed(client, topics));
  broker.on("ack", (_packet, client) => hooks.sessions.acknowledged(client));
  broker.on("keepaliveTimeout", (client) => {
    keepaliveRanOut.add(client);
    hooks.refuse("keepalive_timeout", identityOf(client).deviceId);
  });
  const report = (client: Client, error: Error) => {
    const reason = keepaliveRanOut.has(client) ? undefined : reasonOf(error);
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

function identityOf(client: Client): DeviceIdentity {
  if (!(client.conn instanceof PacketGuard)) throw new TypeError("a connection without guard");
  return client.conn.identity;
}

/** A connection that just broke off is no refusal. */
function reasonOf(error: Error): RefusalReason | undefined {
  if (error instanceof SessionRefusal) return error.reason;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined && error.message !== "connection closed" ? "protocol_error" : undefined;
}
