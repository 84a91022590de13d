/** `npm run test:disk-full`: a virtual node on a disk of a few megabytes that runs full; see `--help`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runDiskFull } from "./run-disk-full.ts";
import { mountSmallDisk } from "./small-disk.ts";

const USAGE = `usage: npm run test:disk-full -- [options]

Mounts a small file system in memory (for which it must be root), starts a virtual node on it, and fills it while
devices send. Exits with 1 when an envelope is acknowledged while the disk is full or lost after, or when readiness does
not say 503 meanwhile and 200 once there is room again, without a restart.

  --megabytes N   of the file system (16)
  --devices N     (10)
  --envelopes N   of each device, one reading each (2000)
  --engine KIND   native or twin (native where it was built)
  --json FILE     writes the report as JSON
  --help          this text
`;

const EXIT_UNUSABLE = 2;

const text = { type: "string" } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      megabytes: { ...text, default: "16" },
      devices: { ...text, default: "10" },
      envelopes: { ...text, default: "2000" },
      engine: text,
      json: text,
      help: { type: "boolean", default: false },
    },
  });
  const engine = (["native", "twin"] as const).find((kind) => kind === values.engine);
  const options = { devices: Number(values.devices), envelopes: Number(values.envelopes), ...(engine && { engine }) };
  if (values.help || !(options.devices > 0) || !(options.envelopes > 0) || !(Number(values.megabytes) > 0)) {
    process.stdout.write(USAGE);
    process.exitCode = values.help ? 0 : EXIT_UNUSABLE;
    return;
  }
  const disk = mountSmallDisk(Number(values.megabytes));
  if (disk === undefined) {
    process.stderr.write("test:disk-full: nothing can be mounted; run it as root on Linux\n");
    process.exitCode = EXIT_UNUSABLE;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "gridpact-disk-full-"));
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const report = await runDiskFull(options, { smallDisk: disk.path, directory, progress }).finally(disk.unmount);
  rmSync(directory, { recursive: true });
  const output = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(output);
  if (values.json !== undefined) writeFileSync(values.json, output);
  const { acked, sent, missing, storedTwice, acceptedAtFull, acceptedWhileFull, readiness } = report;
  const isKept =
    acked === sent &&
    missing + storedTwice === 0 &&
    acceptedWhileFull === acceptedAtFull &&
    `${readiness}` === "200,503,200";
  process.exitCode = isKept ? 0 : 1;
}

await main();
