import type { FastifyInstance } from "fastify";
import { createXmlServer, type MessageSecurity, type TlsMaterial } from "../exchange/index.ts";
import type { Fingerprint } from "../signature/index.ts";
import type { Ven20b } from "./ven.ts";

/** How a VEN that is pushed to is reached, and by whom. */
export interface VenServerOptions {
  readonly tls: TlsMaterial | undefined;
  /** The VTN's certificate: nobody else may push. Needed with TLS, as any party of the authority could connect. */
  readonly vtnFingerprint: Fingerprint | undefined;
}

/** What stands behind the server of a pushed VEN. */
export interface VenServerModules {
  /** Looked up for each message: a VEN has to know its own address, which only exists once this server listens. */
  readonly ven: () => Ven20b | undefined;
  readonly security: MessageSecurity;
  readonly onFault: (error: unknown) => void;
}

/** Where a VTN reaches a VEN that does not poll. */
export function createVenServer(
  options: VenServerOptions,
  { ven, security, onFault }: VenServerModules,
): FastifyInstance {
  const { tls, vtnFingerprint } = options;
  if (tls !== undefined && vtnFingerprint === undefined)
    throw new TypeError("push over TLS needs the VTN's fingerprint");
  return createXmlServer({
    tls,
    security,
    onFault,
    reply: async ({ message, fingerprint }) => {
      if (fingerprint !== vtnFingerprint) return { refused: "not-the-vtn" };
      const present = ven();
      if (present?.registration === undefined) return { refused: "not-registered" };
      return { message: await present.replyTo(message) };
    },
  });
}
