import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isGoThere } from "../src/generator/index.ts";
import { OpenFilesError, runFleet } from "./run-fleet.ts";

const hasGo = isGoThere();
if (!hasGo) process.stdout.write("Fleet not run: there is no go on PATH to build the load generator with.\n");

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-fleet-test-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

const place = () => ({ directory, progress: () => undefined });

describe.runIf(hasGo)("a small fleet", () => {
  it("finds everything acknowledged in the log once, though devices come and go", async () => {
    const options = { devices: 20, perSecond: 200, churnPerSecond: 10, seconds: 2 };
    const result = await runFleet(options, place());
    expect(result).toMatchObject({ devices: 20, missing: 0, storedTwice: 0, rejected: 0, unacked: 0, cutByNode: 0 });
    expect(result.accepted).toBe(result.sent);
    expect(result.acked).toBe(result.sent);
    expect(result.sent).toBeGreaterThan(20);
    // All 20 in the storm, and the others before it.
    expect(result.cutByDevices).toBeGreaterThan(20);
    expect(result.residentBytesMax).toBeGreaterThan(0);
    expect(result.hostCpuMsPerHandshake).toBeGreaterThan(0);
    expect(result.hostCpuUsPerEnvelope).toBeGreaterThan(0);
  });
});

it("a fleet of more devices than files may be opened does not start", async () => {
  const options = { devices: Number.MAX_SAFE_INTEGER, perSecond: 1, churnPerSecond: 0, seconds: 1 };
  await expect(runFleet(options, place())).rejects.toThrow(OpenFilesError);
});
