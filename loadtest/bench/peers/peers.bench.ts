/** `npm run bench:peers -- --json OUT [--large]`: Gridpact beside what else stores readings from MQTT. */
import { writeFileSync } from "node:fs";
import { readOptions } from "@gridpact/host";
import { environment } from "../../src/config.ts";
import { findPeerPrograms } from "./peer-programs.ts";
import { LARGE, type PeersReport, runPeers, TINY } from "./run-peers.ts";

const EXIT_UNUSABLE = 2;

async function main(): Promise<void> {
  const { large, rounds, readings, influxd, mosquitto, telegraf, json } = readOptions({
    command: "npm run bench:peers --",
    about:
      "Sends the same signed envelopes at QoS 1 to Gridpact with an InfluxDB and to mosquitto, Telegraf and an " +
      "InfluxDB, round by round, and counts the CPU of every process until the readings are stored. Exits with 1 " +
      "when Gridpact did not store every reading exactly once.",
    options: {
      large: { kind: "flag", says: "sizes whose figures mean something, about 6 minutes; without it a tiny run" },
      rounds: { kind: "count", says: "rounds that count (5, tiny 1)" },
      readings: { kind: "choices", among: LARGE.cases.map((each) => `${each.readings}`), says: "of an envelope" },
      influxd: { kind: "text", says: "program (INFLUXD, or on PATH); likewise" },
      mosquitto: { kind: "text", says: "program (MOSQUITTO, or on PATH)" },
      telegraf: { kind: "text", says: "program (TELEGRAF, or on PATH), with mqtt_consumer, influxdb_v2, XPath parser" },
      json: { kind: "text", says: "file for the report, after each size of envelope" },
    },
  });
  const named = { ...(influxd && { influxd }), ...(mosquitto && { mosquitto }), ...(telegraf && { telegraf }) };
  const { programs, missing } = findPeerPrograms(named, environment());
  if (missing.length > 0) {
    process.stderr.write(`bench:peers: ${missing.join(", ")} cannot be run; see --help\n`);
    process.exitCode = EXIT_UNUSABLE;
    return;
  }
  const size = large ? LARGE : TINY;
  const cases = size.cases.filter((each) => readings.includes(`${each.readings}`));
  const report = await runPeers({
    size: { ...size, cases, rounds: rounds ?? size.rounds },
    programs,
    progress: (text) => process.stderr.write(`${text}\n`),
    onRows: (soFar) => keep(soFar, json),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

function keep(report: PeersReport, path: string | undefined): void {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

await main();
