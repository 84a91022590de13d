import type { AddressInfo } from "node:net";
import { type Clock, sleep } from "@gridpact/host";
import { DecodeError, decode, type EnrolmentRequest } from "@gridpact/proto";
import Fastify, { type FastifyReply } from "fastify";
import { TokenBucket } from "../token-bucket/index.ts";
import type { EnrolmentOutcome, EnrolmentRefusal } from "./enrolment.ts";

/** An EnrolmentRequest with all its resources is below 2 KiB. */
export const REQUEST_BYTES_MAX = 8 * 1024;

/** Anyone may connect here: who sends no whole request in this time is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Requests that are looked at, in the mean and at once; the others wait. A forged proof costs up to 5 ms to refuse, so
 * this is a quarter of a core at most, while a district of a thousand enrols at once.
 */
const REQUESTS_PER_SECOND = 50;
const REQUESTS_BURST = 1_024;

/** Connections at a time, which bounds how many requests wait: each has one, further ones on it are answered 503. */
export const CONNECTIONS_MAX = 1_024;
const REQUESTS_PER_CONNECTION = 1;

const STATUS: Record<EnrolmentRefusal, number> = {
  device_id_invalid: 400,
  resources_invalid: 400,
  key_not_enrollable: 400,
  proof_invalid: 403,
  token_unknown: 403,
  revoked: 403,
  released: 403,
  enrolled_with_other_key: 409,
  registry_full: 507,
  key_not_granted: 403,
  release_pending: 503,
  ledger_refused: 409,
  busy: 503,
};

export type EnrolmentServerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  keyPem: string;
  certificatePem: string;
  /** Told to the devices: where to connect with the certificate. */
  mqttPort: number;
};

export type EnrolmentServerModules = {
  /** The machine's time. */
  clock: Clock;
  enrol: (request: EnrolmentRequest) => Promise<EnrolmentOutcome>;
};

/** `close` ends open requests too: a device whose answer is lost asks again and gets the same certificate. */
export type EnrolmentServer = { port: number; close(): Promise<void> };

/** HTTPS, server-authenticated only: `POST /enrol` is how a device gets the certificate for everything else. */
export async function listenForEnrolment(
  options: EnrolmentServerOptions,
  modules: EnrolmentServerModules,
): Promise<EnrolmentServer> {
  const pace = pacemaker(modules.clock);
  const server = Fastify({
    https: { key: options.keyPem, cert: options.certificatePem, minVersion: "TLSv1.3" },
    bodyLimit: REQUEST_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    maxRequestsPerSocket: REQUESTS_PER_CONNECTION,
  });
  server.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  // An answered connection makes room for another device at once; Node itself would keep it for 72 s.
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("connection", "close");
  });
  server.post("/enrol", async (request, reply) => {
    const enrolment = decodeRequest(request.body);
    if (enrolment === undefined) return problem(reply, 400, "request_malformed");
    await pace();
    const outcome = await modules.enrol(enrolment);
    if (!outcome.isEnrolled) return problem(reply, STATUS[outcome.reason], outcome.reason);
    const { certificatePem, caPem } = outcome;
    return { certificatePem, caPem, mqttPort: options.mqttPort };
  });
  server.server.maxConnections = CONNECTIONS_MAX;
  await server.listen({ host: options.host, port: options.port });
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() };
}

/** Resolves when it is the next request's turn. */
function pacemaker(clock: Clock): () => Promise<void> {
  const bucket = new TokenBucket({ burst: REQUESTS_BURST, perSecond: REQUESTS_PER_SECOND }, clock.nowUnixMs());
  return async () => {
    for (let waitMs = bucket.take(clock.nowUnixMs()); waitMs > 0; waitMs = bucket.take(clock.nowUnixMs())) {
      await sleep(clock, waitMs);
    }
  };
}

function decodeRequest(body: unknown): EnrolmentRequest | undefined {
  if (!(body instanceof Uint8Array)) return undefined;
  try {
    return decode("EnrolmentRequest", body);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** [RFC9457] */
function problem(reply: FastifyReply, status: number, code: string): FastifyReply {
  const body = JSON.stringify({ title: `not enrolled: ${code}`, status, code });
  return reply.code(status).type("application/problem+json").send(body);
}
