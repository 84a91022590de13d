import { nodeDisk, wallClock } from "@gridpact/host";
import { Outbox, Timekeeper } from "@gridpact/ledger";
import { createAdminServer } from "@gridpact/openadr";
import { writeRunFile } from "../process/run-file.ts";
import { paceOf } from "../wiring/pace.ts";
import type { OpenAdrProfile } from "./openadr-state.ts";
import { listen20b } from "./openadr20b.ts";
import { listen31 } from "./openadr31.ts";
import { connectLedger, keepTicking, type PartContext, type RunningPart } from "./part.ts";

const PARTY = "dso";

/** Who takes the DSO's events. */
const AGGREGATOR = "aggregator";

/** The admin interface has no login. */
const LOOPBACK = "127.0.0.1";

export type DsoPartOptions = { profile: OpenAdrProfile; adminPort: number };

/**
 * Runs a distribution system operator: a VTN whose VEN is the aggregator, and a witness of time on the ledger that has
 * no money at stake. Events are made by the admin interface in 2.0b, and in 3.1 by the VTN's own one, as client of
 * business logic.
 */
export async function runDsoPart({ profile, adminPort }: DsoPartOptions, context: PartContext): Promise<RunningPart> {
  const vtn = profile === "3.1" ? await runDso31(context) : await runDso20b(adminPort, context);
  const witness = await runWitness(context);
  return {
    async close() {
      await witness.close();
      await vtn.close();
    },
  };
}

/** Attests instants that contracts wait for; an aggregator and a DSO that both do are what moves deadlines. */
async function runWitness(context: PartContext): Promise<RunningPart> {
  const { data, clock, log } = context;
  const ledger = await connectLedger(context, PARTY);
  const disk = nodeDisk(data.at("dso-ledger"));
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const timekeeper = await Timekeeper.open({ clock, disk, ledger, outbox, log });
  const tick = keepTicking(timekeeper, log);
  return {
    async close() {
      tick.cancel();
      timekeeper.close();
      await outbox.close();
    },
  };
}

async function runDso20b(adminPort: number, context: PartContext): Promise<RunningPart> {
  const { data, clock, listening } = context;
  const { pollFrequency } = paceOf(data);
  const vens = [{ venId: AGGREGATOR, party: AGGREGATOR }];
  const running = await listen20b({ party: PARTY, port: listening.port, pollFrequency, vens }, context);
  const admin = createAdminServer(running.vtn, { isLoopbackOnly: true, nowUnixMs: () => clock.nowUnixMs() });
  const adminUrl = new URL(await admin.listen({ host: LOOPBACK, port: adminPort }));
  writeRunFile(data, PARTY, { vtn: running.port, admin: Number(adminUrl.port) }, listening.advertisedHost);
  return {
    async close() {
      await admin.close();
      await running.close();
    },
  };
}

async function runDso31(context: PartContext): Promise<RunningPart> {
  const { data, listening } = context;
  const clients = [
    { clientId: PARTY, party: PARTY, role: "bl" },
    { clientId: AGGREGATOR, party: AGGREGATOR, role: "ven" },
  ] as const;
  const running = await listen31({ party: PARTY, port: listening.port, clients }, context);
  writeRunFile(data, PARTY, { vtn: running.port }, listening.advertisedHost);
  return running;
}
