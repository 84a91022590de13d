import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Fingerprint } from "../signature/index.ts";
import { HTTP_PATH, type OadrMessage, SERVICES, type ServiceName } from "../wire20b/index.ts";
import { MAX_MESSAGE_BYTES } from "../xml/parse-xml.ts";
import { ExchangeError } from "./exchange-error.ts";
import { type MessageSecurity, openMessage, sealMessage, statusOf } from "./message-security.ts";
import { socketFingerprint, type TlsMaterial, tlsOptions } from "./tls.ts";

/** A peer sends one small document; slower ones are cut off, as an open request costs memory. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * What a party does with a message: a reply (undefined: an empty one), or the reason it wants nothing to do with it.
 */
export type Reply = { readonly message: OadrMessage | undefined } | { readonly refused: string };

/** A message on its way in, with what TLS and the signature prove about its sender. */
export interface Received {
  readonly service: ServiceName;
  readonly message: OadrMessage;
  readonly fingerprint: Fingerprint | undefined;
}

/** What tells a VTN's server from a VEN's. */
export interface XmlServerModules {
  /** Absent: plain HTTP, for tests and for loopback only. */
  readonly tls: TlsMaterial | undefined;
  readonly security: MessageSecurity;
  readonly reply: (received: Received) => Reply | Promise<Reply>;
  /** Whether this very message is fit to come unsigned where signatures are on. */
  readonly mayBeUnsigned?: (message: OadrMessage, tlsPeer: Fingerprint | undefined) => boolean;
  /** Told of faults in this program; a peer's faults are answered and never end up here. */
  readonly onFault: (error: unknown) => void;
}

/** The HTTP face of a 2.0b party, ready to listen: the same for a VTN and for a VEN that is pushed to. */
export function createXmlServer(modules: XmlServerModules): FastifyInstance {
  const server = openServer(modules.tls);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    /^(application|text)\/xml\b/i,
    { parseAs: "buffer", bodyLimit: MAX_MESSAGE_BYTES },
    (_request, body, done) => done(null, body),
  );
  for (const service of SERVICES) {
    server.post(`${HTTP_PATH}/${service}`, async (request, reply) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      await answer(service, bytes, socketFingerprint(request.raw.socket), reply, modules);
      return reply;
    });
  }
  server.setErrorHandler((error, _request, reply) => {
    // Answering may have meant asking the other party, which was not there: it will hear of this message again.
    const status = error instanceof ExchangeError ? 503 : statusOfError(error);
    if (status === 500) modules.onFault(error);
    return refuse(reply, status, "refused");
  });
  return server;
}

function openServer(tls: TlsMaterial | undefined): FastifyInstance {
  const limits = { bodyLimit: MAX_MESSAGE_BYTES, requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true };
  if (tls === undefined) return Fastify(limits);
  const https = { ...tlsOptions(tls), requestCert: true, rejectUnauthorized: true };
  return Fastify({ ...limits, https }) as unknown as FastifyInstance;
}

async function answer(
  service: ServiceName,
  bytes: Uint8Array,
  tlsPeer: Fingerprint | undefined,
  reply: FastifyReply,
  { security, mayBeUnsigned, reply: replyTo }: XmlServerModules,
): Promise<FastifyReply> {
  const opened = openMessage(bytes, security, (message) => mayBeUnsigned?.(message, tlsPeer) ?? false);
  if (!opened.ok) return refuse(reply, statusOf(opened), opened.code);
  const { message, signedBy } = opened;
  const isOneParty = signedBy === undefined || tlsPeer === undefined || signedBy === tlsPeer;
  if (!isOneParty) return refuse(reply, 403, "signature-of-another-party");
  const answered = await replyTo({ service, message, fingerprint: signedBy ?? tlsPeer });
  if ("refused" in answered) return refuse(reply, 403, answered.refused);
  const body = answered.message === undefined ? "" : sealMessage(answered.message, security);
  return reply.code(200).type("application/xml").send(body);
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
