import { createAdminServer } from "@gridpact/openadr";
import { writeRunFile } from "../process/run-file.ts";
import { paceOf } from "../wiring/pace.ts";
import { listen20b } from "./openadr20b.ts";
import type { PartContext, RunningPart } from "./part.ts";

/** Who takes the DSO's events. */
const AGGREGATOR = "aggregator";

/** The admin interface has no login. */
const LOOPBACK = "127.0.0.1";

/**
 * Runs a distribution system operator: a VTN whose VEN is the aggregator, and the interface that events are made by.
 */
export async function runDsoPart({ adminPort }: { adminPort: number }, context: PartContext): Promise<RunningPart> {
  const { data, clock, listening } = context;
  const running = await listen20b(
    {
      party: "dso",
      port: listening.port,
      pollFrequency: paceOf(data).pollFrequency,
      vens: [{ venId: AGGREGATOR, party: AGGREGATOR }],
    },
    context,
  );
  const admin = createAdminServer(running.vtn, { isLoopbackOnly: true, nowUnixMs: () => clock.nowUnixMs() });
  const adminUrl = new URL(await admin.listen({ host: LOOPBACK, port: adminPort }));
  writeRunFile(data, "dso", { vtn: running.port, admin: Number(adminUrl.port) }, listening.advertisedHost);
  return {
    async close() {
      await admin.close();
      await running.close();
    },
  };
}
