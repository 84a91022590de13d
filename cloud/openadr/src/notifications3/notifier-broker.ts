import { createServer, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { Aedes, type AedesOptions, type AuthenticateError, type Client as Connection } from "aedes";
import { type TlsMaterial, tlsOptions } from "../exchange/index.ts";
import type { Client } from "../oadr3/index.ts";
import { PacketLimit } from "./packet-limit.ts";

/** Subscribers at a time; each costs a socket and some kilobytes. */
export const MAX_SUBSCRIBERS = 10_000;

/** Time from the connection to CONNECT. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A subscriber that does not read loses its connection after this; what is written to it waits in memory till then. */
const DRAIN_TIMEOUT_MS = 30_000;

/** Bad user name or password, and not authorized. [MQTT-3.2.2.3] */
const REFUSED = 4;

/** Where the broker listens, and what it shows. */
export interface NotifierBrokerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: tokens can be read by anybody on the way. */
  readonly tls: Pick<TlsMaterial, "certificatePem" | "privateKeyPem"> | undefined;
}

/** The VTN behind the broker. */
export interface NotifierBrokerModules {
  /** Whom a bearer token stands for at this moment; undefined for one that is forged or has expired. */
  readonly clientOf: (token: string) => Client | undefined;
  /** Whether a client may read a topic or filter at this moment. */
  readonly mayRead: (client: Client, filter: string) => boolean;
  /** Told of faults of the broker itself; those of subscribers end their connections. */
  readonly onFault: (error: unknown) => void;
}

/** A broker that listens. `close` ends every connection. */
export interface NotifierBroker {
  /** How subscribers on this machine reach it, such as `mqtt://127.0.0.1:1883`. */
  readonly uri: string;
  /** Resolves when the broker has taken the message for whoever is subscribed at this moment. */
  publish(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the broker of a VTN's MQTT notifier [OADR3.1 Definition, Notifiers]. Clients come with their id as user name
 * and their bearer token as password, may subscribe to what they may read and to nothing else, and may not publish.
 * Token and right are asked again for each message: one that has expired or a ven object that is gone ends what was
 * allowed before.
 *
 * Messages are sent once (QoS 0), whatever quality was asked for: nothing is kept for a subscriber that is away, who
 * MUST read the objects again when it is back. Rejects when the port is taken.
 */
export async function startNotifierBroker(
  options: NotifierBrokerOptions,
  modules: NotifierBrokerModules,
): Promise<NotifierBroker> {
  const broker = await Aedes.createBroker(brokerOptions(modules));
  // Aedes's `error` would end the process unheard, and its typings leave it out.
  (broker as NodeJS.EventEmitter).on("error", modules.onFault);
  const server = createSocketServer(options, (socket) => {
    const limited = socket.pipe(new PacketLimit());
    const guarded = Duplex.from({ readable: limited, writable: socket });
    // Whatever a subscriber does wrong ends its own connection and is nobody else's matter.
    for (const stream of [socket, limited, guarded]) stream.on("error", () => socket.destroy());
    broker.handle(guarded);
  });
  server.maxConnections = MAX_SUBSCRIBERS;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server, options);
  return {
    uri: `${options.tls === undefined ? "mqtt" : "mqtts"}://${options.host}:${port}`,
    publish: (topic, payload) => publish(broker, topic, payload),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function createSocketServer({ tls }: NotifierBrokerOptions, onSocket: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(onSocket);
  const { cert, key, minVersion, ciphers } = tlsOptions({ ...tls, caPem: "" });
  return createTlsServer({ cert, key, minVersion, ciphers }, onSocket);
}

function listen(server: Server, { host, port }: NotifierBrokerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function publish(broker: Aedes, topic: string, payload: string): Promise<void> {
  return new Promise((resolve, reject) => {
    broker.publish({ cmd: "publish", topic, payload, qos: 0, retain: false, dup: false }, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

/** Who is behind each connection is asked of its token, kept beside it, each time anew. */
function brokerOptions({ clientOf, mayRead }: NotifierBrokerModules): AedesOptions {
  const tokens = new WeakMap<Connection, string>();
  const allowed = (connection: Connection, topic: string): Client | undefined => {
    const client = clientOf(tokens.get(connection) ?? "");
    return client !== undefined && mayRead(client, topic) ? client : undefined;
  };
  const isReader = (client: Client) => client.scopes.has("read_all") || client.scopes.has("read_ven_objects");
  return {
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    preConnect(_connection, packet, done) {
      // A session ends with its connection, and nobody speaks for the VTN, not even when it is gone.
      packet.clean = true;
      // Without an error the connection would stay, unanswered.
      if (packet.will === undefined) done(null, true);
      else done(new Error("only the VTN publishes"), false);
    },
    authenticate(connection, username, password, done) {
      const token = password?.toString() ?? "";
      const client = clientOf(token);
      if (client === undefined || client.clientId !== username || !isReader(client)) {
        done(Object.assign(new Error("no such client"), { returnCode: REFUSED }) as AuthenticateError, false);
        return;
      }
      tokens.set(connection, token);
      // Identifiers are apart for each client: a second connection of the same id ends the first.
      Object.assign(connection, { id: `${client.clientId}/${connection.id}` });
      done(null, true);
    },
    authorizePublish: (_connection, _packet, done) => done(new Error("only the VTN publishes")),
    authorizeSubscribe(connection, subscription, done) {
      const isAllowed = allowed(connection, subscription.topic) !== undefined;
      // SUBACK then says 0x80 for this topic. [MQTT-3.9.3]
      done(null, isAllowed ? { ...subscription, qos: 0 } : null);
    },
    authorizeForward(connection, packet) {
      if (allowed(connection, packet.topic) !== undefined) return packet;
      // The client comes back with a token that holds, if it has one.
      connection.close();
      return null;
    },
  };
}
