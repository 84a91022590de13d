import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, systemRandom } from "../clock.ts";
import {
  type Change,
  createVtn3Server,
  createWebhookPost,
  type MqttBinding,
  Notifier,
  type NotifierModules,
  type RegisteredClient,
  Vtn3,
} from "../oadr3/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import { once } from "./once.ts";
import type { TlsFiles } from "./tls-files.ts";

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
  /** The broker that `publish` publishes on, as clients reach it. */
  readonly mqtt?: MqttBinding;
}

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

/** Starts a 3.1 VTN with webhooks. Rejects when a file cannot be read or the port is taken. */
export async function runVtn3(options: RunVtn3Options, modules: RunVtn3Modules): Promise<RunningVtn3> {
  const { onFault, onGivenUp, publish } = modules;
  if ((options.mqtt === undefined) !== (publish === undefined)) throw new TypeError("mqtt and publish go together");
  const tls = options.tls === undefined ? undefined : await readServerFiles(options.tls);
  const store = openStore(options.dataFolder);
  const stopping = new AbortController();
  const post = createWebhookPost({ areInternalAddressesAllowed: options.areInternalCallbacksAllowed === true });
  const vtn = new Vtn3({
    store,
    clock: systemClock,
    random: systemRandom,
    isEveryChangeTold: publish !== undefined,
    onChange: (change) => {
      notifier.wake();
      modules.onChange?.(change);
    },
  });
  const notifier: Notifier = new Notifier({
    state: vtn.state,
    roleOf: (clientId) => options.clients.find((client) => client.clientId === clientId)?.role,
    post,
    wait: (milliseconds) => wait(milliseconds, undefined, { signal: stopping.signal, ref: false }),
    onGivenUp,
    ...(publish === undefined ? {} : { publish }),
  });
  const tokenKey = vtn.state.tokenKey(() => systemRandom.bytes(KEY_BYTES));
  const { clients, basePath, mqtt } = options;
  const server = createVtn3Server(
    { tls, clients, ...(basePath === undefined ? {} : { basePath }), ...(mqtt === undefined ? {} : { mqtt }) },
    { vtn, clock: systemClock, tokenKey, onFault },
  );
  const stop = once(async () => {
    await server.close();
    stopping.abort();
    await post.close();
    store.close();
  });
  try {
    const address = await server.listen({ host: options.host ?? "127.0.0.1", port: options.port });
    // What a crash left unsent goes out now.
    notifier.wake();
    return { url: address + (basePath ?? ""), vtn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readServerFiles({
  certificatePath,
  privateKeyPath,
}: Pick<TlsFiles, "certificatePath" | "privateKeyPath">) {
  const [certificatePem, privateKeyPem] = await Promise.all([
    readFile(certificatePath, "utf8"),
    readFile(privateKeyPath, "utf8"),
  ]);
  return { certificatePem, privateKeyPem };
}

function openStore(folder: string): SqliteDocumentStore {
  if (folder === ":memory:") return new SqliteDocumentStore(folder);
  mkdirSync(folder, { recursive: true });
  return new SqliteDocumentStore(join(folder, "vtn3.sqlite"));
}
