import type { Log } from "@gridpact/host";
import { writeUnitJson } from "@gridpact/settlement";
import Fastify, { type FastifyInstance } from "fastify";
import { installProblems } from "./problem.ts";

/** A plan of the longest event is 20 kB; four times as much is no honest request. */
const BODY_BYTES_MAX = 80 * 1024;

/** Requests take milliseconds; a peer that takes longer to send one holds a socket. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Keys of one endpoint as PEM, and the authorities whose clients it lets in. */
export type ServerTls = { keyPem: string; certificatePem: string; clientAuthorityPems: string[] };

/** An HTTP application with our limits, error bodies and JSON; mutual TLS when keys are given. */
export function httpApp(log: Log, tls?: ServerTls): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // Nothing is coerced or dropped in silence: what does not fit is refused.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
    ...(tls === undefined ? {} : { https: tlsOptions(tls) }),
  });
  app.setReplySerializer((payload) => writeUnitJson(payload));
  installProblems(app, log);
  return app as unknown as FastifyInstance;
}

function tlsOptions({ keyPem, certificatePem, clientAuthorityPems }: ServerTls) {
  return {
    key: keyPem,
    cert: certificatePem,
    ca: clientAuthorityPems,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3" as const,
  };
}
