import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticate, grantScopes } from "./clients.ts";
import { toProblem } from "./problem.ts";
import { issueToken, TOKEN_LIFETIME_S } from "./tokens.ts";
import type { Vtn3ServerModules, Vtn3ServerOptions } from "./vtn3-server.ts";

/** Client identifiers and secrets may be 4,096 characters each [OADR3.1 clientCredentialRequest]. */
const MAX_FORM_BYTES = 16_384;

/** OAuth 2.0 client credentials [RFC 6749 s.4.4]. */
export function addAuthRoutes(api: FastifyInstance, options: Vtn3ServerOptions, modules: Vtn3ServerModules): void {
  api.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: MAX_FORM_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  const tokenPath = `${options.basePath ?? ""}/auth/token`;
  api.get("/auth/server", (request) => ({ tokenURL: (options.publicUrl ?? originOf(request)) + tokenPath }));
  api.post("/auth/token", (request, reply) => answerTokenRequest(request, reply, options, modules));
}

function answerTokenRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { clients }: Vtn3ServerOptions,
  { clock, tokenKey }: Vtn3ServerModules,
): FastifyReply {
  reply.header("cache-control", "no-store");
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  if (form.get("grant_type") !== "client_credentials") return refuse(reply, 400, "unsupported_grant_type");
  const { clientId, secret } = readCredentials(request, form);
  const client = authenticate(clients, clientId, secret);
  if (client === undefined) return refuse(reply, 401, "invalid_client");
  const scopes = grantScopes(client.role, form.get("scope") ?? undefined);
  if (scopes.length === 0) return refuse(reply, 400, "invalid_scope");
  const token = issueToken({ ...client, scopes: new Set(scopes) }, tokenKey, clock.nowUnixMs());
  const granted = { token_type: "Bearer", expires_in: TOKEN_LIFETIME_S, scope: scopes.join(" ") };
  return reply.send({ access_token: token, ...granted });
}

/** Credentials stand in the form, or in the header that RFC 6749 prefers. */
function readCredentials({ headers }: FastifyRequest, form: URLSearchParams): { clientId: string; secret: string } {
  const basic = /^Basic ([\w+/=]+)$/i.exec(headers.authorization ?? "")?.[1];
  if (basic === undefined) return { clientId: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  const pair = Buffer.from(basic, "base64").toString();
  const colon = pair.indexOf(":");
  const [clientId, secret] = [pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)];
  return { clientId: decodeForm(clientId), secret: decodeForm(secret) };
}

/** Both parts are form-encoded before they are joined [RFC 6749 s.2.3.1]. */
function decodeForm(text: string): string {
  return new URLSearchParams(`x=${text.replaceAll("&", "%26")}`).get("x") ?? "";
}

function refuse(reply: FastifyReply, status: 400 | 401, error: string): FastifyReply {
  // Clients look for OAuth's `error`, the specification for a problem: the answer is both.
  const problem = { ...toProblem(status, error), error };
  return reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
