/** `npm run test:abusers`: strangers against one virtual node; see `--help`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "@gridpact/host";
import { runAbusers } from "./run-abusers.ts";

const RSS_GROWTH_MEGABYTES_MAX = 50;
const CONNECT_P99_MS_MAX = 1_000;

const { abusers, seconds, json } = readOptions({
  command: "npm run test:abusers --",
  about:
    "Abusers without a certificate against one virtual node, in which an honest device connects again and again. " +
    `Exits with 1 when the host's memory grows by more than ${RSS_GROWTH_MEGABYTES_MAX} MB or when one connection of ` +
    `a hundred takes longer than ${CONNECT_P99_MS_MAX} ms. Needs Linux, and as many open files as abusers, for both ` +
    "sides.",
  options: {
    abusers: { kind: "count", byDefault: 5_000, says: "at a time" },
    seconds: { kind: "count", byDefault: 60, says: "of abuse" },
    json: { kind: "text", says: "file for the report" },
  },
});
const directory = await mkdtemp(join(tmpdir(), "gridpact-abusers-"));
try {
  const report = await runAbusers({ abusers, seconds, directory });
  const output = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(output);
  if (json !== undefined) await writeFile(json, output);
  const isKept =
    report.rssMegabytesMax - report.rssMegabytesBefore <= RSS_GROWTH_MEGABYTES_MAX &&
    report.connectMs.p99 <= CONNECT_P99_MS_MAX;
  process.exitCode = isKept ? 0 : 1;
} finally {
  await rm(directory, { recursive: true });
}
