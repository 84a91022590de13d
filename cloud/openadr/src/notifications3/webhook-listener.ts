import { timingSafeEqual } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { type TlsMaterial, tlsOptions } from "../exchange/index.ts";
import { MAX_BODY_BYTES } from "../oadr3/index.ts";

/** Where notifications come to; the rest of the address is its owner's. */
const PATH = "/notifications";

/** Where the listener waits, and for whom. */
export interface WebhookListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: Pick<TlsMaterial, "certificatePem" | "privateKeyPem"> | undefined;
  /** What each notification has to carry. */
  readonly bearerToken: string;
}

/** `address` is what to give as `callbackUrl` where the listener is reached directly. */
export interface WebhookListener {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Listens for a VTN's notifications [OADR3.1 Definition, Notifiers] and tells that there is news. What a notification
 * says is not believed but read from the VTN: notifications may be late, doubled, or of somebody who knows the token.
 */
export async function startWebhookListener(
  { host, port, tls, bearerToken }: WebhookListenerOptions,
  onNews: () => void,
): Promise<WebhookListener> {
  const server = openServer(tls);
  server.post(PATH, (request, reply) => {
    if (!carries(request, bearerToken)) return reply.code(401).header("www-authenticate", "Bearer").send();
    onNews();
    return reply.code(204).send();
  });
  const origin = await server.listen({ host, port });
  return { address: origin + PATH, close: () => server.close() };
}

/** A notification holds one object; larger ones than the VTN takes cannot be. */
function openServer(tls: WebhookListenerOptions["tls"]): FastifyInstance {
  const base = { bodyLimit: 2 * MAX_BODY_BYTES, forceCloseConnections: true } as const;
  if (tls === undefined) return Fastify(base);
  const { cert, key, minVersion, ciphers } = tlsOptions({ ...tls, caPem: "" });
  return Fastify({ ...base, https: { cert, key, minVersion, ciphers } }) as unknown as FastifyInstance;
}

function carries({ headers }: FastifyRequest, bearerToken: string): boolean {
  const offered = Buffer.from(headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${bearerToken}`);
  return offered.length === expected.length && timingSafeEqual(offered, expected);
}
