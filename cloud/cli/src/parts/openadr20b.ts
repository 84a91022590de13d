import { DsoFeed20b, type DsoFeedOptions, VnLink20b } from "@gridpact/dr-openadr";
import {
  createVtnServer,
  HTTP_PATH,
  HttpTransport,
  type MessageSecurity,
  SqliteDocumentStore,
  SqliteNonceStore,
  signingIdentity,
  systemClock,
  systemRandom,
  type Vtn20b,
  type VtnNotification,
} from "@gridpact/openadr";
import { openAdrFingerprint, readOpenAdrFiles } from "../consortium/openadr-files.ts";
import type { DataDirectory } from "../process/data-directory.ts";
import { openVtn20b } from "../wiring/vtn20b.ts";
import { openAdrStatePath } from "./openadr-state.ts";
import type { PartContext } from "./part.ts";

/** Where one party's VTN is, and how that party is called. */
export type VtnAddress = { party: string; host: string; port: number };

/** A VTN that listens. */
export type Listening20b = { vtn: Vtn20b; port: number; close(): Promise<void> };

/** `party` names certificate, key and state; `pollFrequency` is ISO 8601, of the market's time. */
export type Listen20bOptions = {
  party: string;
  port: number;
  pollFrequency: string;
  vens: readonly { venId: string; party: string }[];
  onNotification?: (notification: VtnNotification) => void;
};

/**
 * Runs a party's VTN over mutual TLS with signed messages; events go by the market's clock, signatures by real time.
 */
export async function listen20b(options: Listen20bOptions, context: PartContext): Promise<Listening20b> {
  const { party, port, pollFrequency, vens, onNotification } = options;
  const { data, clock, log, listening } = context;
  const store = new SqliteDocumentStore(openAdrStatePath(data, party, "vtn.sqlite"));
  const { security, closeNonces } = openSecurity(data, party, "vtn");
  const known = vens.map((ven) => ({ venId: ven.venId, fingerprint: openAdrFingerprint(data, ven.party) }));
  const vtn = openVtn20b(
    { vtnId: party, pollFrequency, vens: known },
    { store, clock, random: systemRandom, ...(onNotification && { onNotification }) },
  );
  const onFault = (error: unknown) => log.error("openadr_fault", { reason: String(error) });
  const server = createVtnServer({ tls: readOpenAdrFiles(data, party) }, { vtn, security, onFault });
  await server.listen({ host: listening.host, port });
  const address = server.server.address();
  return {
    vtn,
    port: typeof address === "object" && address !== null ? address.port : port,
    async close() {
      await server.close();
      store.close();
      closeNonces();
    },
  };
}

/** A VEN's side that can be closed. */
export type Closable<T> = { opened: T; close(): Promise<void> };

/** A virtual node as VEN of its aggregator. */
export function openVnLink20b(
  { vnId, party, vtn }: { vnId: string; party: string; vtn: VtnAddress },
  context: PartContext,
): Closable<VnLink20b> {
  const { modules, close } = openVen(party, vtn, context);
  return { opened: new VnLink20b({ vnId, isSigning: true }, modules), close };
}

/** An aggregator as VEN of a DSO. */
export function openDsoFeed20b(
  options: Omit<DsoFeedOptions, "isSigning"> & { party: string; vtn: VtnAddress },
  context: PartContext,
): Closable<DsoFeed20b> {
  const { party, vtn, ...rest } = options;
  const { modules, close } = openVen(party, vtn, context);
  return { opened: new DsoFeed20b({ ...rest, isSigning: true }, modules), close };
}

function openVen(party: string, vtn: VtnAddress, { data, clock }: PartContext) {
  const store = new SqliteDocumentStore(openAdrStatePath(data, party, "ven.sqlite"));
  const { security, closeNonces } = openSecurity(data, party, "ven");
  const transport = new HttpTransport(
    {
      url: `https://${vtn.host}:${vtn.port}${HTTP_PATH}`,
      tls: readOpenAdrFiles(data, party),
      peerFingerprint: openAdrFingerprint(data, vtn.party),
    },
    security,
  );
  return {
    modules: { store, transport, clock, random: systemRandom },
    async close() {
      await transport.close();
      store.close();
      closeNonces();
    },
  };
}

function openSecurity(data: DataDirectory, party: string, role: "vtn" | "ven") {
  const nonces = new SqliteNonceStore(openAdrStatePath(data, party, `${role}-nonces.sqlite`));
  const signing = signingIdentity(readOpenAdrFiles(data, party));
  const security: MessageSecurity = { signing, nonces, clock: systemClock, random: systemRandom };
  return { security, closeNonces: () => nonces.close() };
}
