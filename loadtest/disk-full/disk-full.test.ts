import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isGoThere } from "../src/generator/index.ts";
import { runDiskFull } from "./run-disk-full.ts";
import { mountSmallDisk } from "./small-disk.ts";

const hasGo = isGoThere();
const disk = hasGo ? mountSmallDisk(16) : undefined;
const lacking = hasGo ? "a user who may mount a file system" : "a go on PATH to build the load generator with";
if (disk === undefined) process.stdout.write(`Full disk not tried on a real file system: there is no ${lacking}.\n`);
afterAll(() => disk?.unmount());

describe.runIf(disk !== undefined)("a virtual node whose disk is full", () => {
  it("acknowledges nothing, says that it is not ready, and goes on by itself", { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "gridpact-disk-full-test-"));
    const place = { smallDisk: disk?.path ?? "", directory, progress: () => undefined };
    const report = await runDiskFull({ devices: 4, envelopes: 2_000 }, place);
    expect(report).toMatchObject({ sent: 8_000, acked: 8_000, missing: 0, storedTwice: 0, rejected: 0 });
    expect(report.acceptedAtFull).toBeLessThan(8_000);
    expect(report.acceptedWhileFull).toBe(report.acceptedAtFull);
    expect(report.readiness).toEqual([200, 503, 200]);
    rmSync(directory, { recursive: true });
  });
});
