import type { FastifyInstance } from "fastify";
import { createXmlServer, type MessageSecurity, type TlsMaterial } from "../exchange/index.ts";
import type { Vtn20b } from "./vtn.ts";

/** What the VTN shows, and what it believes. */
export interface VtnServerOptions {
  /** Absent: plain HTTP, for tests and for loopback only. */
  readonly tls: TlsMaterial | undefined;
}

/** What stands behind the HTTP face of a VTN. */
export interface VtnServerModules {
  readonly vtn: Vtn20b;
  readonly security: MessageSecurity;
  /** Told of faults in this program; a peer's faults are answered and never end up here. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The HTTP face of a VTN, ready to listen. The profile signs all messages, yet a VEN may ask for the VTN's particulars
 * before it knows how to sign: that is allowed until the party has a venID, and never to a party without a certificate.
 */
export function createVtnServer(
  { tls }: VtnServerOptions,
  { vtn, security, onFault }: VtnServerModules,
): FastifyInstance {
  return createXmlServer({
    tls,
    security,
    onFault,
    mayBeUnsigned: (message, tlsPeer) =>
      message.type === "oadrQueryRegistration" && tlsPeer !== undefined && !vtn.hasVenId({ fingerprint: tlsPeer }),
    reply: ({ service, message, fingerprint }) => {
      const answered = vtn.answer(service, message, { fingerprint });
      return answered.ok ? { message: answered.message } : { refused: answered.fault };
    },
  });
}
