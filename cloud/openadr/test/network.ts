import type { FastifyInstance } from "fastify";
import { systemClock, systemRandom } from "../src/clock.ts";
import {
  HttpTransport,
  type HttpTransportOptions,
  type MessageSecurity,
  signingIdentity,
  type TlsMaterial,
} from "../src/exchange/index.ts";
import { MemoryNonceStore } from "../src/signature/index.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { Ven20b, type VenOptions } from "../src/ven20b/index.ts";
import { createVtnServer, requestAllTelemetry, Vtn20b, type VtnOptions } from "../src/vtn20b/index.ts";
import { HTTP_PATH } from "../src/wire20b/index.ts";
import { minuteMeter, usageReport } from "./laboratory.ts";
import type { TestIdentity, TestPki } from "./test-pki.ts";

/** A VTN on a free port of loopback, and VENs that reach it over real sockets. */

export interface NetworkVtn {
  readonly vtn: Vtn20b;
  readonly server: FastifyInstance;
  readonly url: string;
  readonly faults: unknown[];
}

export function toTlsMaterial({ certificatePem, privateKeyPem }: TestIdentity, pki: TestPki): TlsMaterial {
  return { certificatePem, privateKeyPem, caPem: pki.caPem };
}

export function securityOf(tls: TlsMaterial | undefined, isSigning: boolean): MessageSecurity {
  const signing = tls !== undefined && isSigning ? signingIdentity(tls) : undefined;
  return { signing, nonces: new MemoryNonceStore(), clock: systemClock, random: systemRandom };
}

export async function startVtn(
  tls: TlsMaterial | undefined,
  isSigning = false,
  reportPolicy: VtnOptions["reportPolicy"] = requestAllTelemetry,
): Promise<NetworkVtn> {
  const options = {
    vtnId: "VTN",
    pollFrequency: "PT1S",
    isEnrolmentRequired: tls !== undefined,
    reportPolicy,
  };
  const store = new SqliteDocumentStore(":memory:");
  const vtn = new Vtn20b(options, { store, clock: systemClock, random: systemRandom });
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const server = createVtnServer({ tls }, { vtn, security: securityOf(tls, isSigning), onFault });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  return { vtn, server, url: address + HTTP_PATH, faults };
}

export function openTransport(
  url: string,
  tls: TlsMaterial | undefined,
  isSigning = false,
  peerFingerprint: HttpTransportOptions["peerFingerprint"] = undefined,
): HttpTransport {
  return new HttpTransport({ url, tls, peerFingerprint }, securityOf(tls, isSigning));
}

export function createVen(transport: HttpTransport, options: Partial<VenOptions> = {}): Ven20b {
  return new Ven20b(
    { venName: "ven", isSigning: false, reports: [usageReport], decide: () => "optIn", ...options },
    {
      store: new SqliteDocumentStore(":memory:"),
      transport,
      clock: systemClock,
      random: systemRandom,
      meter: minuteMeter,
    },
  );
}
