/**
 * 5,000 abusers without a certificate against one virtual node, in which an honest device connects again and again:
 * `npm run test:abusers -- --abusers 5000 --seconds 60 --json OUT`. Fails when the host's memory grows by more than
 * 50 MB or the honest device's connections take more than a second (p99). Needs as many open files as abusers, for the
 * host and for them, and Linux.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runAbusers } from "./run-abusers.ts";

const RSS_GROWTH_MEGABYTES_MAX = 50;
const CONNECT_P99_MS_MAX = 1_000;

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { abusers: { ...text, default: "5000" }, seconds: { ...text, default: "60" }, json: text },
});
const directory = await mkdtemp(join(tmpdir(), "gridpact-abusers-"));
try {
  const options = { abusers: Number(values.abusers), seconds: Number(values.seconds), directory };
  const report = await runAbusers(options);
  const output = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(output);
  if (values.json !== undefined) await writeFile(values.json, output);
  const isKept =
    report.rssMegabytesMax - report.rssMegabytesBefore <= RSS_GROWTH_MEGABYTES_MAX &&
    report.connectMs.p99 <= CONNECT_P99_MS_MAX;
  process.exitCode = isKept ? 0 : 1;
} finally {
  await rm(directory, { recursive: true });
}
