/** `npm run test:disk-full`: a virtual node on a disk of a few megabytes that runs full; see `--help`. */
import { parseArgs } from "node:util";
import { cannotRun, finishRun, inOwnDirectory, showUsage } from "../src/finished-run.ts";
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
    showUsage(USAGE, values.help);
    return;
  }
  const disk = mountSmallDisk(Number(values.megabytes));
  if (disk === undefined) {
    cannotRun("test:disk-full: nothing can be mounted; run it as root on Linux");
    return;
  }
  const report = await inOwnDirectory("disk-full", (around) => {
    return runDiskFull(options, { smallDisk: disk.path, ...around }).finally(disk.unmount);
  });
  const { acked, sent, missing, storedTwice, acceptedAtFull, acceptedWhileFull, readiness } = report;
  const isKept =
    acked === sent &&
    missing + storedTwice === 0 &&
    acceptedWhileFull === acceptedAtFull &&
    `${readiness}` === "200,503,200";
  finishRun(report, { json: values.json, isKept });
}

await main();
