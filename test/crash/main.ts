/** `npm run test:crash`: kills a loaded virtual node again and again; see `--help`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@gridpact/host";
import { readCrashOptions } from "./options.ts";
import { type CrashReport, isSound, runCrashes } from "./run-crashes.ts";

const EXIT_UNSOUND = 1;

function write(text: string): void {
  process.stdout.write(text);
}

async function main(): Promise<number> {
  const { json, ...options } = readCrashOptions(Buffer.from(systemRandom.bytes(8)).toString("hex"));
  const directory = await mkdtemp(join(tmpdir(), "gridpact-crash-"));
  const { kills, devices, seed, volatileLog } = options;
  write(`${kills} kills, ${devices} devices and a forger, seed ${seed}, log ${volatileLog ?? "on the real disk"}\n`);
  const startedAtUnixMs = Date.now();
  const report = await runCrashes(options, { directory, write });
  const seconds = Math.round((Date.now() - startedAtUnixMs) / 1_000);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...report, seconds }, null, 2)}\n`);
  write(`${summary(report)}, ${seconds} s\n`);
  if (isSound(report)) {
    await rm(directory, { recursive: true });
    return 0;
  }
  write(`NOT SOUND: the log of seed ${seed} is kept in ${directory}\n`);
  return EXIT_UNSOUND;
}

function summary(report: CrashReport): string {
  const { kills, engine, acked, lost, storedTwice, rejected, misjudged, resent, hostFailure } = report;
  const failure = hostFailure === undefined ? "" : `; ${hostFailure}`;
  return (
    `${engine}: ${kills} kills, ${acked} acked (${rejected} of them as rejected), ${resent} sent again; ` +
    `lost ${lost}, stored twice ${storedTwice}, misjudged ${misjudged}${failure}`
  );
}

process.exitCode = await main();
