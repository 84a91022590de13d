import type { Clock, Random, SigningKey } from "@gridpact/host";
import type { Ledger, LedgerIdentity, MspId } from "../src/index.ts";

/** Who somebody is on the ledger. */
export type PersonRequest = {
  mspId: MspId;
  commonName: string;
  attributes: Record<string, string>;
  /** A key that the person has already; without it a new one is made. */
  key?: SigningKey;
};

/** Processor time by who used it; the embedded ledger and its clients share one process. */
export type CpuMs = Readonly<Partial<Record<"clients" | "contracts" | "peers" | "orderers", number>>>;

/**
 * A running ledger with the system's contracts, whichever it is: the scenarios and benches know no more of it, so that
 * they say the same of the embedded ledger and of a Fabric network.
 */
export type ScenarioWorld = {
  name: string;
  random: Random;
  /** What clients take for the time; a scenario lasts hours that nobody waits for. */
  clock: Clock;
  setTime(unixMs: number): Promise<void>;
  /** Certifies a member. */
  issue(request: PersonRequest): LedgerIdentity & { key: SigningKey };
  /** A client of whoever's organisation's gateway that is. */
  clientOf(identity: LedgerIdentity): Ledger;
  /** Resolves when every peer knows what any peer knows: a query then sees what was committed, wherever it is asked. */
  caughtUp(): Promise<void>;
  /** Milliseconds of processor time that the ledger's processes have used so far, this one's included. */
  cpuMs(): CpuMs;
  close(): Promise<void>;
};
