import { DsoFeed31, type DsoFeed31Options, VnLink31 } from "@gridpact/dr-openadr";
import {
  hashClientSecret,
  Oadr3Client,
  type Report3,
  type Role,
  runVtn3,
  systemClock,
  type Vtn3,
} from "@gridpact/openadr";
import { openAdrPaths, readOpenAdrFiles, readOpenAdrSecret } from "../consortium/openadr-files.ts";
import { paceOf } from "../wiring/pace.ts";
import { openAdrStatePath } from "./openadr-state.ts";
import type { Closable, VtnAddress } from "./openadr20b.ts";
import type { PartContext } from "./part.ts";

/** A 3.1 VTN that listens. */
export type Listening31 = { vtn: Vtn3; port: number; close(): Promise<void> };

export type Listen31Options = {
  party: string;
  port: number;
  /** Who may come, and as what; the secret is that of the party. */
  clients: readonly { clientId: string; party: string; role: Role }[];
  onReport?: (report: Report3) => void;
};

/** Runs a party's 3.1 VTN over TLS; its clients prove themselves by their secrets. */
export async function listen31(options: Listen31Options, context: PartContext): Promise<Listening31> {
  const { party, port, clients, onReport } = options;
  const { data, log, listening } = context;
  const running = await runVtn3(
    {
      host: listening.host,
      port,
      tls: openAdrPaths(data, party),
      clients: clients.map(({ clientId, party: owner, role }) => {
        return { clientId, secretSha256: hashClientSecret(readOpenAdrSecret(data, owner)), role };
      }),
      dataFolder: openAdrStatePath(data, party, "vtn31"),
    },
    {
      onFault: (error) => log.error("openadr_fault", { reason: String(error) }),
      onGivenUp: (_recipient, cause) => log.warn("notification_given_up", { reason: String(cause) }),
      onChange: ({ kind, operation, object }) => {
        if (kind === "reports" && operation === "CREATE") onReport?.(object as Report3);
      },
    },
  );
  return { vtn: running.vtn, port: Number(new URL(running.url).port), close: running.stop };
}

/** A party as client of another party's 3.1 VTN. */
export function openClient31(
  { clientId, party, vtn }: { clientId: string; party: string; vtn: VtnAddress },
  { data }: Pick<PartContext, "data">,
): Oadr3Client {
  return new Oadr3Client({
    url: `https://${vtn.host}:${vtn.port}`,
    clientId,
    clientSecret: readOpenAdrSecret(data, party),
    caPem: readOpenAdrFiles(data, party).caPem,
    clock: systemClock,
  });
}

/** A virtual node as 3.1 VEN of its aggregator. */
export function openVnLink31(
  { vnId, party, vtn }: { vnId: string; party: string; vtn: VtnAddress },
  context: PartContext,
): Closable<VnLink31> {
  const client = openClient31({ clientId: vnId, party, vtn }, context);
  const { clock, data } = context;
  const opened = new VnLink31({ vnId, pollMs: paceOf(data).pollMs }, { client, clock });
  return { opened, close: () => client.close() };
}

/** An aggregator as 3.1 VEN of a DSO. */
export function openDsoFeed31(
  options: Omit<DsoFeed31Options, "clientName" | "pollMs"> & { party: string; vtn: VtnAddress },
  context: PartContext,
): Closable<DsoFeed31> {
  const { party, vtn, ...rest } = options;
  const client = openClient31({ clientId: party, party, vtn }, context);
  const { clock, data } = context;
  const opened = new DsoFeed31({ ...rest, clientName: party, pollMs: paceOf(data).pollMs }, { client, clock });
  return { opened, close: () => client.close() };
}
