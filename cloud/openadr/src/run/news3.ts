import { once } from "node:events";
import { systemRandom } from "../clock.ts";
import type { TlsMaterial } from "../exchange/index.ts";
import { startTopicListener, startWebhookListener, type WebhookListener } from "../notifications3/index.ts";
import { type Oadr3Client, Oadr3Error, type ObjectOperation } from "../oadr3/index.ts";
import { pause } from "./pause.ts";

/** How a 3.1 VEN learns that it should poll. */
export type NewsSource =
  /** The VTN calls back; the VEN subscribes by itself. */
  | {
      readonly kind: "webhook";
      /** 0 takes a free one. */
      readonly port: number;
      readonly host?: string;
      /** How the VTN reaches the port, when that is not the host and port themselves. */
      readonly callbackUrl?: string;
    }
  /** The VEN listens at the broker that the VTN names. */
  | { readonly kind: "mqtt" };

/** What news need of the VEN that they are for. */
export interface NewsModules {
  readonly client: Oadr3Client;
  /** The VEN's own certificate, for webhooks over TLS. */
  readonly tls: Pick<TlsMaterial, "certificatePem" | "privateKeyPem"> | undefined;
  readonly caPem: string | undefined;
  /** Between attempts to be told of news; polling goes on meanwhile. */
  readonly retryMs: number;
  readonly onNews: () => void;
  readonly onFailure: (error: Oadr3Error) => void;
}

/** Whom the news is for: known once the VEN is registered. */
export interface NewsReader {
  readonly venId: string;
  readonly venName: string;
}

/** News that come until `stop`. `start` never rejects: what fails is told, and tried again. */
export interface News {
  start(reader: NewsReader): void;
  stop(): Promise<void>;
}

/** Bytes of the token that a VTN has to show at the VEN's webhook. */
const TOKEN_BYTES = 24;

/** A change of what the VEN is granted shows it other events, so that is news too. */
const OBJECTS = ["EVENT", "VEN", "RESOURCE"] as const;

/** Opens what news come by. Rejects when a port is taken. */
export async function openNews(source: NewsSource | undefined, modules: NewsModules): Promise<News> {
  if (source === undefined) return { start: () => undefined, stop: async () => undefined };
  return source.kind === "mqtt" ? followTopics(modules) : followWebhook(source, modules);
}

async function followWebhook(source: NewsSource & { kind: "webhook" }, modules: NewsModules): Promise<News> {
  const { tls, onNews } = modules;
  const bearerToken = Buffer.from(systemRandom.bytes(TOKEN_BYTES)).toString("base64url");
  const { host = "127.0.0.1", port } = source;
  const listener = await startWebhookListener({ host, port, tls, bearerToken }, onNews);
  const operation = { callbackUrl: source.callbackUrl ?? listener.address, bearerToken };
  return lasting(modules, {
    attempt: (reader, signal) => subscribeUntil(signal, operation, reader, modules),
    close: (): ReturnType<WebhookListener["close"]> => listener.close(),
  });
}

/**
 * Subscribes, or takes over the subscription of an earlier run, whose address and token are of the past. It goes with
 * the VEN: one that is polling again later needs no calls in between.
 */
async function subscribeUntil(
  signal: AbortSignal,
  { callbackUrl, bearerToken }: { callbackUrl: string; bearerToken: string },
  { venName }: NewsReader,
  { client, onNews }: NewsModules,
): Promise<void> {
  const operations = ["CREATE", "UPDATE", "DELETE"] as const;
  const operation: ObjectOperation = { objects: OBJECTS, operations, callbackUrl, bearerToken };
  const request = { clientName: venName, objectOperations: [operation] };
  const [known] = await client.all("subscriptions", { clientName: venName });
  const { id } = await (known === undefined
    ? client.create("subscriptions", request)
    : client.update("subscriptions", known.id, request));
  onNews();
  if (!signal.aborted) await once(signal, "abort");
  await client.delete("subscriptions", id);
}

function followTopics(modules: NewsModules): News {
  return lasting(modules, {
    attempt: (reader, signal) => listenUntil(signal, reader, modules),
    close: async () => undefined,
  });
}

/** Listens at the VTN's broker until the connection ends, and reads what it has missed when it begins. */
async function listenUntil(signal: AbortSignal, { venId }: NewsReader, modules: NewsModules): Promise<void> {
  const { client, caPem, onNews } = modules;
  const { MQTT: binding } = await client.notifiers();
  const uri = binding?.URIS[0];
  if (uri === undefined) throw new Oadr3Error("refused", "this VTN has no MQTT notifier");
  const paths = [`vens/${venId}`, `vens/${venId}/events`, `vens/${venId}/resources`];
  const topics: string[] = [];
  for (const path of paths) topics.push((await client.mqttTopics(path)).ALL);
  const credentials = { username: client.clientId, password: await client.token() };
  const ca = caPem === undefined ? {} : { caPem };
  const listener = await startTopicListener({ uri, topics, ...credentials, ...ca }, onNews).catch((cause: unknown) => {
    throw new Oadr3Error("unreachable", `${uri} does not take subscribers: ${String(cause)}`, undefined, cause);
  });
  onNews();
  await Promise.race([listener.ended, signal.aborted ? undefined : once(signal, "abort")]);
  await listener.close();
  if (!signal.aborted) throw new Oadr3Error("unreachable", `${uri} has ended the connection`);
}

interface Attempts {
  /** Lasts until the signal says so; rejects with what ended it before. */
  readonly attempt: (reader: NewsReader, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Goes on trying until it is stopped. */
function lasting({ onFailure, retryMs }: NewsModules, { attempt, close }: Attempts): News {
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  const run = async (reader: NewsReader) => {
    while (!stopping.signal.aborted) {
      try {
        await attempt(reader, stopping.signal);
      } catch (error) {
        if (!(error instanceof Oadr3Error)) throw error;
        onFailure(error);
        await pause(retryMs, stopping.signal);
      }
    }
  };
  return {
    start: (reader) => {
      finished = run(reader);
    },
    stop: async () => {
      stopping.abort();
      await finished;
      await close();
    },
  };
}
