import { requestDelivery } from "@gridpact/dr-openadr";
import { type RandomSource, type SqliteDocumentStore, Vtn20b, type VtnNotification } from "@gridpact/openadr";

export type Vtn20bOptions = {
  vtnId: string;
  /** ISO 8601; how often VENs ask for news. */
  pollFrequency: string;
  /** Who may register, by the fingerprints of their certificates. */
  vens: readonly { venId: string; fingerprint: string }[];
};

/** `store` is durable in a running part and in memory in the simulation, where it outlives crashes as a disk would. */
export type Vtn20bModules = {
  store: SqliteDocumentStore;
  clock: { nowUnixMs(): number };
  random: RandomSource;
  onNotification?: (notification: VtnNotification) => void;
};

/** A 2.0b VTN that asks its VENs for delivery, and knows them beforehand. */
export function openVtn20b({ vens, ...options }: Vtn20bOptions, modules: Vtn20bModules): Vtn20b {
  const vtn = new Vtn20b({ ...options, isEnrolmentRequired: true, reportPolicy: requestDelivery }, modules);
  for (const { venId, fingerprint } of vens) vtn.enrol(fingerprint, venId);
  return vtn;
}
