import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import {
  type MessageSecurity,
  openMessage,
  sealMessage,
  socketFingerprint,
  statusOf,
  type TlsMaterial,
  tlsOptions,
} from "../exchange/index.ts";
import type { Fingerprint } from "../signature/index.ts";
import { HTTP_PATH, type OadrMessage, SERVICES, type ServiceName } from "../wire20b/index.ts";
import { MAX_MESSAGE_BYTES } from "../xml/parse-xml.ts";
import type { Vtn20b } from "./vtn.ts";

/** A peer sends one small document; slower ones are cut off, as an open request costs memory. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface VtnServerOptions {
  /** Absent: plain HTTP, for tests and for loopback only. */
  readonly tls: TlsMaterial | undefined;
}

export interface VtnServerModules {
  readonly vtn: Vtn20b;
  readonly security: MessageSecurity;
  /** Told of faults in this program; a peer's faults are answered and never end up here. */
  readonly onFault: (error: unknown) => void;
}

/** The HTTP face of a VTN, ready to listen. */
export function createVtnServer(options: VtnServerOptions, modules: VtnServerModules): FastifyInstance {
  const server = openServer(options);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    /^(application|text)\/xml\b/i,
    { parseAs: "buffer", bodyLimit: MAX_MESSAGE_BYTES },
    (_request, body, done) => done(null, body),
  );
  for (const service of SERVICES) {
    server.post(`${HTTP_PATH}/${service}`, (request, reply) => answerRequest(service, request, reply, modules));
  }
  server.setErrorHandler((error, _request, reply) => {
    const status = statusOfError(error);
    if (status === 500) modules.onFault(error);
    return reply.code(status).type("text/plain").send("refused");
  });
  return server;
}

function openServer({ tls }: VtnServerOptions): FastifyInstance {
  const limits = { bodyLimit: MAX_MESSAGE_BYTES, requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true };
  if (tls === undefined) return Fastify(limits);
  const https = { ...tlsOptions(tls), requestCert: true, rejectUnauthorized: true };
  return Fastify({ ...limits, https }) as unknown as FastifyInstance;
}

function answerRequest(
  service: ServiceName,
  request: FastifyRequest,
  reply: FastifyReply,
  { vtn, security }: VtnServerModules,
): FastifyReply {
  const tlsPeer = socketFingerprint(request.raw.socket);
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const opened = openMessage(bytes, security, (message) => isFirstQuery(message, vtn, tlsPeer));
  if (!opened.ok) return refuse(reply, statusOf(opened), opened.code);
  const { message, signedBy } = opened;
  const isOneParty = signedBy === undefined || tlsPeer === undefined || signedBy === tlsPeer;
  if (!isOneParty) return refuse(reply, 403, "signature-of-another-party");
  const answered = vtn.answer(service, message, { fingerprint: signedBy ?? tlsPeer });
  if (!answered.ok) return refuse(reply, 403, answered.fault);
  const body = answered.message === undefined ? "" : sealMessage(answered.message, security);
  return reply.code(200).type("application/xml").send(body);
}

/**
 * The profile signs all messages, yet a VEN may ask for the VTN's particulars before it knows how to sign. That is
 * allowed until the party has a venID, and to a party without a certificate not at all.
 */
function isFirstQuery(message: OadrMessage, vtn: Vtn20b, tlsPeer: Fingerprint | undefined): boolean {
  return message.type === "oadrQueryRegistration" && tlsPeer !== undefined && !vtn.hasVenId({ fingerprint: tlsPeer });
}

function refuse(reply: FastifyReply, status: number, reason: string): FastifyReply {
  return reply.code(status).type("text/plain").send(reason);
}

/** Fastify marks what the client did wrong with a 4xx code; anything else is ours. */
function statusOfError(error: unknown): number {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return 500;
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
