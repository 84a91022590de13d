import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from "fastify";
import type { Client } from "./clients.ts";
import { Oadr3Refusal } from "./problem.ts";

/**
 * What a 3.0.1 client says and hears, on the objects of 3.1. Its requests are rewritten and answered by the 3.1 routes
 * themselves, so access, checks and limits are the same for both:
 *
 *    3.0.1                                        3.1
 *    targets: [{ type: "GROUP", values: ["a"] }]  targets: ["a"]
 *    targets: [{ type: "AREA", values: ["b"] }]   targets: ["AREA:b"]
 *    ?targetType=AREA&targetValues=b              ?targets=AREA:b
 *    /vens/V/resources/R                          /resources/R, with venID V
 *    objectType VEN, RESOURCE in a request        BL_…_REQUEST or VEN_…_REQUEST, by the client's role
 */
export const PREFIX_301 = "/3.0.1";

/** 3.1 has no types of targets; this one stands for a target without any. */
const PLAIN_TYPE = "GROUP";
const TYPED_TARGET = /^([A-Z][A-Z0-9_]*):(.*)$/s;

/** Requests are translated and injected into the 3.1 routes, which therefore have to be registered too. */
export interface Routes301Modules {
  /** What stands in front of the 3.1 routes. */
  readonly basePath: string;
  /** Throws `Oadr3Refusal` without a valid token. */
  readonly requireClient: (request: FastifyRequest) => Client;
}

/** Adds the paths of 3.0.1 below `PREFIX_301`. */
export function addRoutes301(api: FastifyInstance, modules: Routes301Modules): void {
  api.route({
    method: ["GET", "POST", "PUT", "DELETE"],
    url: `${PREFIX_301}/*`,
    handler: async (request, reply) => {
      const answer = await api.inject(translateRequest(request, modules));
      return sendTranslated(answer, reply);
    },
  });
}

function translateRequest(request: FastifyRequest, modules: Routes301Modules): InjectOptions {
  const { basePath } = modules;
  const own = request.url.slice(request.url.indexOf(PREFIX_301) + PREFIX_301.length);
  const [path = "", query = ""] = own.split("?", 2);
  // "//host" and its like would be read as another server's address.
  if (!/^\/\w/.test(path)) throw new Oadr3Refusal(404, "no such path");
  const { path: path31, venID } = translatePath(path);
  const parameters = translateQuery(query);
  if (venID !== undefined && request.method === "GET" && path31 === "/resources") parameters.set("venID", venID);
  const search = parameters.size === 0 ? "" : `?${parameters}`;
  const { "content-length": _length, "transfer-encoding": _encoding, host: _host, ...headers } = request.headers;
  const base = { method: request.method as "GET", url: basePath + path31 + search, headers } as const;
  if (request.body === undefined || request.body === null) return base;
  if (request.body instanceof URLSearchParams) return { ...base, payload: request.body.toString() };
  return { ...base, payload: JSON.stringify(translateBody(request, modules, venID)) };
}

function translatePath(path: string): { path: string; venID: string | undefined } {
  const nested = /^\/vens\/([^/]+)\/resources(\/[^/]*)?$/.exec(path);
  if (nested === null) return { path, venID: undefined };
  return { path: `/resources${nested[2] ?? ""}`, venID: nested[1] };
}

function translateQuery(query: string): URLSearchParams {
  const parameters = new URLSearchParams(query);
  const type = parameters.get("targetType") ?? PLAIN_TYPE;
  for (const value of parameters.getAll("targetValues")) parameters.append("targets", toTarget(type, value));
  parameters.delete("targetType");
  parameters.delete("targetValues");
  return parameters;
}

const REQUEST_KINDS: Readonly<Record<string, string>> = { VEN: "VEN_REQUEST", RESOURCE: "RESOURCE_REQUEST" };

function translateBody(request: FastifyRequest, modules: Routes301Modules, venID: string | undefined): unknown {
  const body = request.body;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { targets, objectType, ...rest } = body as Record<string, unknown>;
  const isResource = venID !== undefined;
  const kind = isResource ? REQUEST_KINDS["RESOURCE"] : REQUEST_KINDS[/\/vens(\/|\?|$)/.test(request.url) ? "VEN" : ""];
  return {
    ...rest,
    ...(kind === undefined ? withoutNothing({ objectType }) : ownerOf(modules.requireClient(request), kind, rest)),
    ...(isResource ? { venID } : {}),
    ...(targets === undefined || targets === null ? {} : { targets: toTargets(targets) }),
  };
}

/** 3.0.1 has no owner of a ven: business logic names the client as the ven. */
function ownerOf({ role }: Client, kind: string, { venName, clientID = venName }: Record<string, unknown>) {
  return role === "bl" ? withoutNothing({ objectType: `BL_${kind}`, clientID }) : { objectType: `VEN_${kind}` };
}

function withoutNothing(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

/** Anything but a list of typed values stays as it is, and the 3.1 routes refuse it. */
function toTargets(targets: unknown): unknown {
  if (!Array.isArray(targets)) return targets;
  return targets.flatMap((target: unknown) => {
    const { type, values } = (target ?? {}) as { type?: unknown; values?: unknown };
    if (typeof type !== "string" || !Array.isArray(values)) return [target];
    return values.map((value) => (typeof value === "string" ? toTarget(type, value) : value));
  });
}

function toTarget(type: string, value: string): string {
  return type === PLAIN_TYPE ? value : `${type}:${value}`;
}

/** Headers that belong to one answer on one connection. */
const HOP_HEADERS: ReadonlySet<string> = new Set(["content-length", "connection", "date", "transfer-encoding"]);

type Answer = Awaited<ReturnType<FastifyInstance["inject"]>>;

function sendTranslated(answer: Answer, reply: FastifyReply): FastifyReply {
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!HOP_HEADERS.has(name) && value !== undefined) reply.header(name, value);
  }
  const isJson = answer.statusCode < 300 && answer.body !== "";
  return reply.code(answer.statusCode).send(isJson ? JSON.stringify(toObject301(answer.json())) : answer.body);
}

function toObject301(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toObject301);
  if (typeof value !== "object" || value === null || !("targets" in value)) return value;
  const { targets } = value;
  return Array.isArray(targets) ? { ...value, targets: targets.map((target) => toValuesMap(String(target))) } : value;
}

function toValuesMap(target: string): { type: string; values: string[] } {
  const typed = TYPED_TARGET.exec(target);
  if (typed === null) return { type: PLAIN_TYPE, values: [target] };
  return { type: typed[1] ?? PLAIN_TYPE, values: [typed[2] ?? ""] };
}
