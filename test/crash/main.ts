/** `npm run test:crash`: kills a loaded virtual node again and again; see `--help`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@gridpact/host";
import { type CommandLine, parseCommandLine, USAGE, UsageError } from "./options.ts";
import { type CrashReport, isSound, runCrashes } from "./run-crashes.ts";

const EXIT_UNSOUND = 1;
const EXIT_USAGE = 2;

function write(text: string): void {
  process.stdout.write(text);
}

async function main(): Promise<number> {
  const commandLine = readCommandLine();
  if (commandLine === undefined) return EXIT_USAGE;
  if (commandLine === "help") {
    write(USAGE);
    return 0;
  }
  const { options, jsonPath } = commandLine;
  const directory = await mkdtemp(join(tmpdir(), "gridpact-crash-"));
  const { kills, devices, seed, volatileLog } = options;
  write(`${kills} kills, ${devices} devices and a forger, seed ${seed}, log ${volatileLog ?? "on the real disk"}\n`);
  const startedAtUnixMs = Date.now();
  const report = await runCrashes(options, { directory, write });
  const seconds = Math.round((Date.now() - startedAtUnixMs) / 1_000);
  if (jsonPath !== undefined) await writeFile(jsonPath, `${JSON.stringify({ ...report, seconds }, null, 2)}\n`);
  write(`${summary(report)}, ${seconds} s\n`);
  if (isSound(report)) {
    await rm(directory, { recursive: true });
    return 0;
  }
  write(`NOT SOUND: the log of seed ${seed} is kept in ${directory}\n`);
  return EXIT_UNSOUND;
}

function readCommandLine(): CommandLine | undefined {
  try {
    return parseCommandLine(process.argv.slice(2), Buffer.from(systemRandom.bytes(8)).toString("hex"));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return undefined;
  }
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
