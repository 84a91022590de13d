/** `npm run bench:ingest -- --json OUT [--large]`: CPU per verified reading of a whole virtual node's host. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { LARGE, TINY } from "./ingest-size.ts";
import { INGEST_HOSTS, type IngestReport, runIngest } from "./run-ingest.ts";

const USAGE = `usage: npm run bench:ingest -- [options]

Publishes the same signed envelopes over mutual TLS at QoS 1 to a virtual node with the native engine and to one that is
JavaScript only, round by round, and counts the CPU of each host's process tree until everything is durable,
acknowledged and stored. Exits with 1 when sent, acknowledged, accepted and stored are not the same.

  --large           sizes whose figures mean something, about 4 minutes; without it a tiny run
  --rounds N        rounds that count (5, tiny 1)
  --readings LIST   only these sizes of envelope, such as 1,10
  --host NAME       only ${INGEST_HOSTS.join(" or ")}
  --store KIND      none or sqlite (none): what takes the readings behind the log
  --json FILE       writes the report, after each size of envelope
  --help            this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      large: { type: "boolean", default: false },
      rounds: { type: "string" },
      readings: { type: "string" },
      host: { type: "string" },
      store: { type: "string", default: "none" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const size = values.large ? LARGE : TINY;
  const readings = values.readings?.split(",").map(Number);
  const cases = size.cases.filter((each) => readings?.includes(each.readings) ?? true);
  const hosts = INGEST_HOSTS.filter((host) => values.host === undefined || values.host === host);
  const store = values.store === "sqlite" || values.store === "none" ? { kind: values.store } : undefined;
  if (cases.length === 0 || hosts.length === 0 || store === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const keep = (report: IngestReport) => {
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  };
  const report = await runIngest({
    size: { ...size, cases, rounds: Number(values.rounds ?? size.rounds) },
    hosts,
    store: store as { kind: "none" | "sqlite" },
    progress: (text) => process.stderr.write(`${text}\n`),
    onRows: keep,
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

await main();
