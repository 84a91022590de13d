import { createHash } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Clock } from "../clock.ts";
import { type TlsMaterial, tlsOptions } from "../exchange/index.ts";
import { addAuthRoutes } from "./auth-routes.ts";
import type { Client, RegisteredClient, Scope } from "./clients.ts";
import { KINDS, type Kind, type RequestOf } from "./model.ts";
import { addNotifierRoutes, type MqttBinding } from "./notifier-routes.ts";
import { Oadr3Refusal, type ProblemStatus, toProblem } from "./problem.ts";
import { addRoutes301 } from "./routes301.ts";
import { readSearch } from "./search-query.ts";
import { schemaReference, specificationSchemas } from "./specification.ts";
import { verifyToken } from "./tokens.ts";
import type { Vtn3 } from "./vtn3.ts";

/** An event of a thousand intervals is some 100 kB. */
export const MAX_BODY_BYTES = 1_048_576;

/** Requests are small; slower clients are cut off, as an open request costs memory. */
const REQUEST_TIMEOUT_MS = 10_000;

/** How the HTTP face of a VTN looks. */
export interface Vtn3ServerOptions {
  /** Absent: plain HTTP, for tests and for loopback only. Clients need no certificate: their token is their proof. */
  readonly tls: Pick<TlsMaterial, "certificatePem" | "privateKeyPem"> | undefined;
  readonly clients: readonly RegisteredClient[];
  /** What stands in front of every path, such as `/openadr3/3.1.0`. */
  readonly basePath?: string;
  /** The address clients reach this server at, for `/auth/server`; else what their request says. */
  readonly publicUrl?: string;
  /** The broker that notifications are published on; absent: webhooks only. */
  readonly mqtt?: MqttBinding;
}

/** What stands behind the HTTP face. */
export interface Vtn3ServerModules {
  readonly vtn: Vtn3;
  readonly clock: Clock;
  readonly tokenKey: Uint8Array;
  /** Told of faults in this program; a client's faults are answered and never end up here. */
  readonly onFault: (error: unknown) => void;
}

const WRITE_SCOPES: Readonly<Record<Kind, Scope>> = {
  programs: "write_programs",
  events: "write_events",
  reports: "write_reports",
  subscriptions: "write_subscriptions",
  vens: "write_vens",
  resources: "write_vens",
};

const REQUEST_SCHEMAS: Readonly<Record<Kind, string>> = {
  programs: "programRequest",
  events: "eventRequest",
  reports: "reportRequest",
  subscriptions: "subscriptionRequest",
  vens: "venRequest",
  resources: "resourceRequest",
};

interface ById {
  readonly Params: { readonly id: string };
}

/** The HTTP face of a 3.1 VTN, ready to listen. */
export function createVtn3Server(options: Vtn3ServerOptions, modules: Vtn3ServerModules): FastifyInstance {
  const server = openServer(options);
  server.addSchema(specificationSchemas());
  server.setErrorHandler((error, _request, reply) => answerError(error, reply, modules.onFault));
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, "no such path"));
  server.register(
    (api, _options, done) => {
      addAuthRoutes(api, options, modules);
      for (const kind of KINDS) addObjectRoutes(api, kind, modules);
      const requireToken = (request: FastifyRequest) => requireClient(request, modules);
      addNotifierRoutes(api, options.mqtt, { vtn: modules.vtn, requireClient: requireToken });
      addRoutes301(api, { basePath: options.basePath ?? "", requireClient: requireToken });
      done();
    },
    { prefix: options.basePath ?? "" },
  );
  return server;
}

function openServer({ tls }: Vtn3ServerOptions): FastifyInstance {
  const base = {
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // The specification's schemas carry OpenAPI's own words, which a strict validator would refuse; values are never
    // bent.
    ajv: { customOptions: { strict: false, removeAdditional: false, coerceTypes: false, useDefaults: false } },
  } as const;
  if (tls === undefined) return Fastify(base);
  const { cert, key, minVersion, ciphers } = tlsOptions({ ...tls, caPem: "" });
  return Fastify({ ...base, https: { cert, key, minVersion, ciphers } }) as unknown as FastifyInstance;
}

function addObjectRoutes<K extends Kind>(api: FastifyInstance, kind: K, modules: Vtn3ServerModules): void {
  const { vtn } = modules;
  const schema = { body: schemaReference(REQUEST_SCHEMAS[kind]) };
  const writer = (request: FastifyRequest) => requireScope(request, modules, WRITE_SCOPES[kind]);
  const reader = (request: FastifyRequest) => requireReader(request, modules, kind);
  const preValidation = async (request: FastifyRequest) => {
    writer(request);
    request.body = withoutNulls(request.body);
  };
  api.get(`/${kind}`, (request, reply) => {
    const search = readSearch(kind, request.query as never, vtn.state);
    return sendTagged(request, reply, vtn.search(reader(request), kind, search));
  });
  api.get<ById>(`/${kind}/:id`, (request, reply) =>
    sendTagged(request, reply, vtn.read(reader(request), kind, request.params.id)),
  );
  api.post<{ Body: RequestOf[K] }>(`/${kind}`, { schema, preValidation }, (request, reply) =>
    reply.code(201).send(vtn.create(writer(request), kind, request.body as RequestOf[K])),
  );
  api.put<ById & { Body: RequestOf[K] }>(`/${kind}/:id`, { schema, preValidation }, (request, reply) => {
    const client = writer(request);
    requireMatch(request, () => vtn.peek(client, kind, request.params.id));
    return reply.send(vtn.update(client, kind, request.params.id, request.body as RequestOf[K]));
  });
  api.delete<ById>(`/${kind}/:id`, (request, reply) => {
    const client = writer(request);
    requireMatch(request, () => vtn.peek(client, kind, request.params.id));
    return reply.send(vtn.delete(client, kind, request.params.id));
  });
}

/**
 * Absent and null mean the same in the specification, which yet allows null in some places only. Clients write it
 * everywhere, so it is taken out before a request is checked.
 */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutNulls(member)]));
}

/** Throws `Oadr3Refusal`: 401 without a valid token. */
function requireClient(request: FastifyRequest, { tokenKey, clock }: Vtn3ServerModules): Client {
  const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const client = token === undefined ? undefined : verifyToken(token, tokenKey, clock.nowUnixMs());
  if (client === undefined) throw new Oadr3Refusal(401, "a valid bearer token is needed");
  return client;
}

/** Throws `Oadr3Refusal`: 401 without a valid token, 403 without the scope. */
function requireScope(request: FastifyRequest, modules: Vtn3ServerModules, scope: Scope): Client {
  const client = requireClient(request, modules);
  if (!client.scopes.has(scope)) throw new Oadr3Refusal(403, `the scope ${scope} is needed`);
  return client;
}

function requireReader(request: FastifyRequest, modules: Vtn3ServerModules, kind: Kind): Client {
  const client = requireClient(request, modules);
  const own = kind === "programs" || kind === "events" ? "read_targets" : "read_ven_objects";
  if (client.scopes.has("read_all") || client.scopes.has(own)) return client;
  throw new Oadr3Refusal(403, `the scope ${own} is needed`);
}

/** Sends JSON with its ETag, or 304 when the client has it already [RFC 9110 s.13.1.2]. */
function sendTagged(request: FastifyRequest, reply: FastifyReply, value: unknown): FastifyReply {
  const body = JSON.stringify(value);
  const etag = etagOf(body);
  reply.header("etag", etag);
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(body);
}

/** A write with `If-Match` happens only to the version the client has seen [RFC 9110 s.13.1.1]. */
function requireMatch(request: FastifyRequest, current: () => unknown): void {
  const wanted = request.headers["if-match"];
  if (wanted === undefined || wanted === "*") return;
  if (wanted !== etagOf(JSON.stringify(current()))) throw new Oadr3Refusal(412, "the object has changed");
}

function etagOf(body: string): string {
  return `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

function answerError(error: unknown, reply: FastifyReply, onFault: (error: unknown) => void): FastifyReply {
  if (error instanceof Oadr3Refusal) return sendProblem(reply, error.status, error.message);
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return sendProblem(reply, 400, (error as Error).message, status);
  onFault(error);
  return sendProblem(reply, 500, "internal fault");
}

/** `httpStatus` is for what HTTP itself refuses (413, 415), which the specification has no word for. */
function sendProblem(
  reply: FastifyReply,
  status: ProblemStatus,
  detail: string,
  httpStatus: number = status,
): FastifyReply {
  if (status === 401) reply.header("www-authenticate", "Bearer");
  const problem = { ...toProblem(status, detail), status: httpStatus };
  return reply.code(httpStatus).type("application/problem+json").send(JSON.stringify(problem));
}
