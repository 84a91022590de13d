/** `npm run test:disk-full`: a virtual node on a disk of a few megabytes that runs full; see `--help`. */
import { readOptions } from "@gridpact/host";
import { cannotRun, finishRun, inOwnDirectory } from "../src/finished-run.ts";
import { runDiskFull } from "./run-disk-full.ts";
import { mountSmallDisk } from "./small-disk.ts";

async function main(): Promise<void> {
  const { megabytes, devices, envelopes, engine, json } = readOptions({
    command: "npm run test:disk-full --",
    about:
      "Mounts a small file system in memory (for which it must be root), starts a virtual node on it, and fills it " +
      "while devices send. Exits with 1 when an envelope is acknowledged while the disk is full or lost after, or " +
      "when readiness does not say 503 meanwhile and 200 once there is room again, without a restart.",
    options: {
      megabytes: { kind: "count", byDefault: 16, says: "of the file system" },
      devices: { kind: "count", byDefault: 10, says: "at the virtual node" },
      envelopes: { kind: "count", byDefault: 2_000, says: "of each device, one reading each" },
      engine: { kind: "choice", among: ["native", "twin"], says: "by default native where it was built" },
      json: { kind: "text", says: "file for the report" },
    },
  });
  const options = { devices, envelopes, ...(engine && { engine }) };
  const disk = mountSmallDisk(megabytes);
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
  finishRun(report, { json, isKept });
}

await main();
