/** `npm run bench:ingest -- --json OUT [--large]`: CPU per verified reading of a whole virtual node's host. */
import { writeFileSync } from "node:fs";
import { readOptions } from "@gridpact/host";
import { LARGE, TINY } from "./ingest-size.ts";
import { INGEST_HOSTS, type IngestReport, runIngest } from "./run-ingest.ts";

async function main(): Promise<void> {
  const { large, rounds, readings, hosts, store, json } = readOptions({
    command: "npm run bench:ingest --",
    about:
      "Publishes the same signed envelopes over mutual TLS at QoS 1 to a virtual node with the native engine and " +
      "to one that is JavaScript only, round by round, and counts the CPU of each host's process tree until " +
      "everything is durable, acknowledged and stored. Exits with 1 when sent, acknowledged, accepted and stored " +
      "are not the same.",
    options: {
      large: { kind: "flag", says: "sizes whose figures mean something, about 4 minutes; without it a tiny run" },
      rounds: { kind: "count", says: "rounds that count (5, tiny 1)" },
      readings: { kind: "choices", among: LARGE.cases.map((each) => `${each.readings}`), says: "of an envelope" },
      hosts: { kind: "choices", among: INGEST_HOSTS, says: "compared" },
      store: {
        kind: "choice",
        among: ["none", "sqlite"],
        byDefault: "none",
        says: "takes the readings behind the log",
      },
      json: { kind: "text", says: "file for the report, after each size of envelope" },
    },
  });
  const size = large ? LARGE : TINY;
  const cases = size.cases.filter((each) => readings.includes(`${each.readings}`));
  const keep = (report: IngestReport) => {
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  };
  const report = await runIngest({
    size: { ...size, cases, rounds: rounds ?? size.rounds },
    hosts,
    store: { kind: store },
    progress: (text) => process.stderr.write(`${text}\n`),
    onRows: keep,
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

await main();
