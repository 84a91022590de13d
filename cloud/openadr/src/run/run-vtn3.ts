import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, systemRandom } from "../clock.ts";
import type { TlsMaterial } from "../exchange/index.ts";
import { type NotifierBroker, startNotifierBroker } from "../notifications3/index.ts";
import {
  type Change,
  createVtn3Server,
  createWebhookPost,
  type MqttBinding,
  mayReadTopic,
  Notifier,
  type NotifierModules,
  type RegisteredClient,
  Vtn3,
  verifyToken,
} from "../oadr3/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import { once } from "./once.ts";
import { readKeyPair, type TlsFiles } from "./tls-files.ts";

/** Everything that has to be known to be a 3.1 VTN. Port 0 takes a free one. */
export interface RunVtn3Options {
  readonly port: number;
  readonly host?: string;
  readonly basePath?: string;
  /** Absent: plain HTTP, where tokens and secrets can be read by anybody on the way. */
  readonly tls?: Pick<TlsFiles, "certificatePath" | "privateKeyPath">;
  readonly clients: readonly RegisteredClient[];
  /** Where everything durable goes; `:memory:` keeps nothing. */
  readonly dataFolder: string;
  /** Lets clients have notifications sent into this machine's own networks. False unless all of them are trusted. */
  readonly areInternalCallbacksAllowed?: boolean;
  /** A broker of somebody else that `publish` publishes on, as clients reach it. */
  readonly mqtt?: MqttBinding;
  /** Runs a broker of its own for MQTT notifications, which asks this VTN who may read what. */
  readonly broker?: BrokerOptions;
}

/** Where the VTN's own MQTT broker listens. */
export interface BrokerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  /** How clients reach it, when that is not the host and port themselves. */
  readonly publicUri?: string;
}

/** What a 3.1 VTN that runs tells. */
export interface RunVtn3Modules {
  /** Told of each change once it is durable. */
  readonly onChange?: (change: Change) => void;
  readonly onFault: (error: unknown) => void;
  /** Told of notifications that could not be delivered. */
  readonly onGivenUp: NotifierModules["onGivenUp"];
  /** Publishes on the MQTT broker and rejects when it has not taken it; needed with `mqtt`, and only then. */
  readonly publish?: NotifierModules["publish"];
}

/** A VTN that listens. `stop` waits for what is being answered and may be called twice. */
export interface RunningVtn3 {
  readonly url: string;
  readonly vtn: Vtn3;
  stop(): Promise<void>;
}

const KEY_BYTES = 32;

const LOOPBACK = "127.0.0.1";

/** Starts a 3.1 VTN with webhooks, and MQTT by option. Rejects when a file cannot be read or a port is taken. */
export async function runVtn3(options: RunVtn3Options, modules: RunVtn3Modules): Promise<RunningVtn3> {
  const { onFault, onGivenUp } = modules;
  requireOneBroker(options, modules);
  const tls = options.tls === undefined ? undefined : await readKeyPair(options.tls);
  const store = openStore(options.dataFolder);
  const stopping = new AbortController();
  const post = createWebhookPost({ areInternalAddressesAllowed: options.areInternalCallbacksAllowed === true });
  const vtn = new Vtn3({
    store,
    clock: systemClock,
    random: systemRandom,
    isEveryChangeTold: modules.publish !== undefined || options.broker !== undefined,
    onChange: (change) => {
      notifier.wake();
      modules.onChange?.(change);
    },
  });
  const tokenKey = vtn.state.tokenKey(() => systemRandom.bytes(KEY_BYTES));
  const broker = await openBroker(options, { vtn, tokenKey, tls, onFault }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const publish = modules.publish ?? broker?.publish;
  const notifier: Notifier = new Notifier({
    state: vtn.state,
    roleOf: (clientId) => options.clients.find((client) => client.clientId === clientId)?.role,
    post,
    wait: (milliseconds) => wait(milliseconds, undefined, { signal: stopping.signal, ref: false }),
    onGivenUp,
    ...(publish === undefined ? {} : { publish }),
  });
  const { clients, basePath } = options;
  const mqtt = options.mqtt ?? bindingOf(options, broker);
  const server = createVtn3Server(
    { tls, clients, ...(basePath === undefined ? {} : { basePath }), ...(mqtt === undefined ? {} : { mqtt }) },
    { vtn, clock: systemClock, tokenKey, onFault },
  );
  const stop = once(async () => {
    await server.close();
    stopping.abort();
    await notifier.stop();
    await Promise.all([post.close(), broker?.close()]);
    store.close();
  });
  try {
    const address = await server.listen({ host: options.host ?? LOOPBACK, port: options.port });
    // What a crash left unsent goes out now.
    notifier.wake();
    return { url: address + (basePath ?? ""), vtn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Throws `TypeError` for options that do not go together. */
function requireOneBroker({ mqtt, broker }: RunVtn3Options, { publish }: RunVtn3Modules): void {
  if ((mqtt === undefined) !== (publish === undefined)) throw new TypeError("mqtt and publish go together");
  if (mqtt !== undefined && broker !== undefined) throw new TypeError("mqtt and broker exclude each other");
}

interface BrokerModules {
  readonly vtn: Vtn3;
  readonly tokenKey: Uint8Array;
  readonly tls: Pick<TlsMaterial, "certificatePem" | "privateKeyPem"> | undefined;
  readonly onFault: (error: unknown) => void;
}

/** The broker shows the VTN's certificate and takes the VTN's tokens. */
async function openBroker(
  { broker }: RunVtn3Options,
  { vtn, tokenKey, tls, onFault }: BrokerModules,
): Promise<NotifierBroker | undefined> {
  if (broker === undefined) return undefined;
  const { host = LOOPBACK, port } = broker;
  return startNotifierBroker(
    { host, port, tls },
    {
      clientOf: (token) => verifyToken(token, tokenKey, systemClock.nowUnixMs()),
      mayRead: (client, filter) => mayReadTopic(vtn.state, client, filter),
      onFault,
    },
  );
}

/** `{clientID}` is the specification's word for the client's own id [OADR3.1 mqttNotifierAuthentication]. */
function bindingOf(options: RunVtn3Options, broker: NotifierBroker | undefined): MqttBinding | undefined {
  if (broker === undefined) return undefined;
  const uris = [options.broker?.publicUri ?? broker.uri];
  return { uris, authentication: { method: "OAUTH2_BEARER_TOKEN", username: "{clientID}" } };
}

function openStore(folder: string): SqliteDocumentStore {
  if (folder === ":memory:") return new SqliteDocumentStore(folder);
  mkdirSync(folder, { recursive: true });
  return new SqliteDocumentStore(join(folder, "vtn3.sqlite"));
}
