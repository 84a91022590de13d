import { Agent, type Dispatcher, request } from "undici";
import type { Clock } from "../clock.ts";
import type { Kind, ObjectOf, RequestOf } from "./model.ts";
import type { MqttBinding } from "./notifier-routes.ts";
import type { OperationTopics } from "./topics.ts";
import { MAX_PAGE } from "./vtn3.ts";
import { MAX_BODY_BYTES } from "./vtn3-server.ts";

/** A VTN answers from memory; longer means that it is gone. */
const ANSWER_TIMEOUT_MS = 10_000;

/** A token is renewed this long before it ends, so that none expires on its way. */
const RENEW_BEFORE_MS = 30_000;

/** Pages fetched by one `all`: a hundred thousand objects, which no VEN is meant to see. */
const MAX_PAGES = 2_000;

/** Which VTN, and as whom to come. */
export interface Oadr3ClientOptions {
  /** In front of `/programs`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent: asked of the VTN (`/auth/server`). */
  readonly tokenUrl?: string;
  /** PEM; absent: the authorities that the system trusts. */
  readonly caPem?: string;
  readonly clock: Clock;
}

/**
 * `unreachable` may pass by itself; `unauthorized` and `refused` need somebody to change something; `bad-answer` is a
 * VTN that does not speak the specification.
 */
export type Oadr3ErrorCode = "unreachable" | "unauthorized" | "refused" | "bad-answer";

/** A request to a 3.1 VTN that failed; `status` is the HTTP status where there was one. */
export class Oadr3Error extends Error {
  readonly code: Oadr3ErrorCode;
  readonly status: number | undefined;

  constructor(code: Oadr3ErrorCode, message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.name = "Oadr3Error";
    this.code = code;
    this.status = status;
  }
}

/** The ways a VTN tells of changes [OADR3.1 notifiersResponse]. */
export interface Notifiers {
  readonly WEBHOOK: boolean;
  readonly MQTT?: {
    readonly URIS: readonly string[];
    readonly serialization: "JSON";
    readonly authentication: MqttBinding["authentication"];
  };
}

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;
type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A client of a 3.1 VTN, for business logic and VENs alike. Every method throws `Oadr3Error`. */
export class Oadr3Client {
  readonly #options: Oadr3ClientOptions;
  readonly #agent: Agent;
  #token: { readonly value: string; readonly renewAtUnixMs: number } | undefined;

  constructor(options: Oadr3ClientOptions) {
    this.#options = options;
    const connect = options.caPem === undefined ? {} : { connect: { ca: options.caPem } };
    this.#agent = new Agent({ ...connect, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS });
  }

  /** One page. */
  search<K extends Kind>(kind: K, query: Query = {}): Promise<readonly ObjectOf[K][]> {
    return this.#call("GET", `/${kind}${toQueryString(query)}`);
  }

  /** All pages. */
  async all<K extends Kind>(kind: K, query: Query = {}): Promise<readonly ObjectOf[K][]> {
    const objects: ObjectOf[K][] = [];
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const found = await this.search(kind, { ...query, skip: objects.length, limit: MAX_PAGE });
      objects.push(...found);
      if (found.length < MAX_PAGE) return objects;
    }
    throw new Oadr3Error("bad-answer", `more than ${MAX_PAGES} pages of ${kind}`);
  }

  read<K extends Kind>(kind: K, id: string): Promise<ObjectOf[K]> {
    return this.#call("GET", `/${kind}/${encodeURIComponent(id)}`);
  }

  create<K extends Kind>(kind: K, object: RequestOf[K]): Promise<ObjectOf[K]> {
    return this.#call("POST", `/${kind}`, object);
  }

  update<K extends Kind>(kind: K, id: string, object: RequestOf[K]): Promise<ObjectOf[K]> {
    return this.#call("PUT", `/${kind}/${encodeURIComponent(id)}`, object);
  }

  delete<K extends Kind>(kind: K, id: string): Promise<ObjectOf[K]> {
    return this.#call("DELETE", `/${kind}/${encodeURIComponent(id)}`);
  }

  /** How this VTN tells of changes. */
  notifiers(): Promise<Notifiers> {
    return this.#call("GET", "/notifiers");
  }

  /** The MQTT topics of a collection or an object, such as `vens/VEN/events`. */
  async mqttTopics(path: string): Promise<OperationTopics> {
    const { topics } = await this.#call<{ topics: OperationTopics }>("GET", `/notifiers/mqtt/topics/${path}`);
    return topics;
  }

  /** A bearer token that is valid now, for what takes one besides the VTN: its MQTT broker. */
  token(): Promise<string> {
    return this.#requireToken();
  }

  get clientId(): string {
    return this.#options.clientId;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #call<T>(method: Method, path: string, body?: object): Promise<T> {
    const authorization = `Bearer ${await this.#requireToken()}`;
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await this.#send(this.#options.url + path, { method, headers: { authorization, ...type }, ...sent });
    // The VTN may have been given another key meanwhile; the next call fetches a new token.
    if (answer.status === 401) this.#token = undefined;
    return readAnswer<T>(answer, `${method} ${path}`);
  }

  async #requireToken(): Promise<string> {
    const { clock, clientId, clientSecret } = this.#options;
    if (this.#token !== undefined && clock.nowUnixMs() < this.#token.renewAtUnixMs) return this.#token.value;
    const tokenUrl = this.#options.tokenUrl ?? (await this.#discover());
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const answer = await this.#send(tokenUrl, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    if (answer.status !== 200) throw new Oadr3Error("unauthorized", "no token was given", answer.status);
    const granted = readAnswer<{ expires_in?: number } | null>(answer, "token");
    const value = requireText(granted, "access_token", tokenUrl);
    const lifetimeMs = (granted?.expires_in ?? 0) * 1_000;
    this.#token = { value, renewAtUnixMs: clock.nowUnixMs() + lifetimeMs - RENEW_BEFORE_MS };
    return value;
  }

  async #discover(): Promise<string> {
    const url = `${this.#options.url}/auth/server`;
    return requireText(readAnswer(await this.#send(url, { method: "GET" }), "auth/server"), "tokenURL", url);
  }

  async #send(
    url: string,
    options: Pick<Dispatcher.RequestOptions, "method"> & { headers?: Record<string, string>; body?: string },
  ) {
    try {
      const { statusCode, body } = await request(url, { ...options, dispatcher: this.#agent });
      return { status: statusCode, text: await readText(body) };
    } catch (error) {
      if (error instanceof Oadr3Error) throw error;
      throw new Oadr3Error("unreachable", `${url} could not be reached`, undefined, error);
    }
  }
}

/** A page is at most fifty of the largest objects that a VTN takes. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_PAGE * MAX_BODY_BYTES) throw new Oadr3Error("bad-answer", "the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readAnswer<T>({ status, text }: { status: number; text: string }, what: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (status >= 200 && status < 300) return value as T;
    const { detail } = value as { detail?: string };
    throw new Oadr3Error("refused", `${what}: ${detail ?? `HTTP ${status}`}`, status);
  } catch (error) {
    if (error instanceof Oadr3Error) throw error;
    throw new Oadr3Error("bad-answer", `${what}: HTTP ${status} without JSON`, status, error);
  }
}

/** The answers are a foreign server's: without this, a token that is missing would be sent as the word "undefined". */
function requireText(answer: unknown, name: string, url: string): string {
  const value = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
  if (typeof value !== "string") throw new Oadr3Error("bad-answer", `${url} answered without ${name}`);
  return value;
}

function toQueryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
