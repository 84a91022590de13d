/** `npm run bench:peers -- --json OUT [--large]`: Gridpact beside what else stores readings from MQTT. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { environment } from "../../src/config.ts";
import { findPeerPrograms } from "./peer-programs.ts";
import { LARGE, type PeersReport, runPeers, TINY } from "./run-peers.ts";

const USAGE = `usage: npm run bench:peers -- [options]

Sends the same signed envelopes at QoS 1 to Gridpact with an InfluxDB and to mosquitto, Telegraf and an InfluxDB, round
by round, and counts the CPU of every process until the readings are stored. Exits with 1 when Gridpact did not store
every reading exactly once.

  --large            sizes whose figures mean something, about 6 minutes; without it a tiny run
  --rounds N         rounds that count (5, tiny 1)
  --readings LIST    only these sizes of envelope, such as 1,10
  --influxd PATH     program (INFLUXD, or on PATH); likewise
  --mosquitto PATH   program (MOSQUITTO, or on PATH)
  --telegraf PATH    program (TELEGRAF, or on PATH), with mqtt_consumer, influxdb_v2 and the XPath parser
  --json FILE        writes the report, after each size of envelope
  --help             this text
`;

const EXIT_UNUSABLE = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      large: { type: "boolean", default: false },
      rounds: { type: "string" },
      readings: { type: "string" },
      influxd: { type: "string" },
      mosquitto: { type: "string" },
      telegraf: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { influxd, mosquitto, telegraf } = values;
  const named = { ...(influxd && { influxd }), ...(mosquitto && { mosquitto }), ...(telegraf && { telegraf }) };
  const { programs, missing } = findPeerPrograms(named, environment());
  if (missing.length > 0) {
    process.stderr.write(`bench:peers: ${missing.join(", ")} cannot be run; see --help\n`);
    process.exitCode = EXIT_UNUSABLE;
    return;
  }
  const size = values.large ? LARGE : TINY;
  const readings = values.readings?.split(",").map(Number);
  const cases = size.cases.filter((each) => readings?.includes(each.readings) ?? true);
  const report = await runPeers({
    size: { ...size, cases, rounds: Number(values.rounds ?? size.rounds) },
    programs,
    progress: (text) => process.stderr.write(`${text}\n`),
    onRows: (soFar) => keep(soFar, values.json),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function keep(report: PeersReport, path: string | undefined): void {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

await main();
