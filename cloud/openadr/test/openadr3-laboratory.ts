import type { FastifyInstance } from "fastify";
import type { Change } from "../src/oadr3/change.ts";
import { hashClientSecret, type RegisteredClient } from "../src/oadr3/clients.ts";
import type { MqttBinding } from "../src/oadr3/notifier-routes.ts";
import { Vtn3 } from "../src/oadr3/vtn3.ts";
import { createVtn3Server } from "../src/oadr3/vtn3-server.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { HandClock, seededRandom } from "./laboratory.ts";
import type { SpecificationCheck } from "./specification-check.ts";

/** A 3.1 VTN in this process; every answer of it is held against the specification. */

export const CLIENTS: readonly RegisteredClient[] = [
  { clientId: "business", secretSha256: hashClientSecret("b"), role: "bl" },
  { clientId: "ven-a", secretSha256: hashClientSecret("a"), role: "ven" },
  { clientId: "ven-b", secretSha256: hashClientSecret("b"), role: "ven" },
];

const SECRETS: Readonly<Record<string, string>> = { business: "b", "ven-a": "a", "ven-b": "b" };

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests pick members out of JSON whose form the specification checked.
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Laboratory3 {
  readonly server: FastifyInstance;
  readonly vtn: Vtn3;
  readonly clock: HandClock;
  readonly changes: Change[];
  readonly faults: unknown[];
  as(
    clientId: string,
  ): (method: Method, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

export function createLaboratory3(
  specification: SpecificationCheck,
  store = new SqliteDocumentStore(":memory:"),
  mqtt?: MqttBinding,
): Laboratory3 {
  const clock = new HandClock();
  const changes: Change[] = [];
  const faults: unknown[] = [];
  const vtn = new Vtn3({
    store,
    clock,
    random: seededRandom("vtn3"),
    isEveryChangeTold: mqtt !== undefined,
    onChange: (change) => changes.push(change),
  });
  const tokenKey = vtn.state.tokenKey(() => new Uint8Array(32));
  const onFault = (error: unknown) => faults.push(error);
  const server = createVtn3Server(
    { tls: undefined, clients: CLIENTS, ...(mqtt === undefined ? {} : { mqtt }) },
    { vtn, clock, tokenKey, onFault },
  );
  const tokens = new Map<string, string>();
  const tokenOf = async (clientId: string) => {
    const known = tokens.get(clientId);
    if (known !== undefined) return known;
    const { body } = await requestToken(server, { client_id: clientId, client_secret: SECRETS[clientId] ?? "" });
    tokens.set(clientId, body.access_token);
    return String(body.access_token);
  };
  const as: Laboratory3["as"] =
    (clientId) =>
    async (method, path, body, headers = {}) => {
      const authorization = clientId === "" ? {} : { authorization: `Bearer ${await tokenOf(clientId)}` };
      const payload = body === undefined ? {} : { payload: body as object };
      const answer = await server.inject({ method, url: path, headers: { ...authorization, ...headers }, ...payload });
      if (answer.statusCode !== 304) await specification.check(method, path, answer.statusCode, answer.body);
      return toAnswer(answer);
    };
  return { server, vtn, clock, changes, faults, as };
}

export async function requestToken(
  server: FastifyInstance,
  form: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload = new URLSearchParams({ grant_type: "client_credentials", ...form }).toString();
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return toAnswer(
    await server.inject({ method: "POST", url: "/auth/token", headers: { ...type, ...headers }, payload }),
  );
}

function toAnswer(answer: { statusCode: number; body: string; headers: object }): Answer {
  const body = answer.body === "" ? undefined : JSON.parse(answer.body);
  return { status: answer.statusCode, body, headers: answer.headers as Record<string, unknown> };
}
