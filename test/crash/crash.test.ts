import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HostError, HostProcess } from "./host-process.ts";
import { type CrashOptions, isSound, runCrashes } from "./run-crashes.ts";

/** Real processes on a machine that may be busy; on an idle one each run takes 2 to 4 s. */
const RUN_MS_MAX = 120_000;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-crash-test-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function run(options: Omit<CrashOptions, "devices">) {
  return runCrashes({ devices: 4, ...options }, { directory, write: () => undefined });
}

describe("a loaded virtual node that is killed", () => {
  it("keeps every acknowledged envelope exactly once", { timeout: RUN_MS_MAX }, async () => {
    const report = await run({ kills: 3, seed: "kept" });
    expect(report).toMatchObject({ kills: 3, lost: 0, storedTwice: 0, misjudged: 0 });
    expect(report.acked).toBeGreaterThan(report.rejected);
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.resent).toBeGreaterThan(0);
    expect(isSound(report)).toBe(true);
  });

  it("keeps it also when what was not synced is gone", { timeout: RUN_MS_MAX }, async () => {
    const report = await run({ kills: 2, seed: "power cut", volatileLog: "honest" });
    expect(report).toMatchObject({ kills: 2, engine: "twin", lost: 0, storedTwice: 0, misjudged: 0 });
    expect(isSound(report)).toBe(true);
  });

  it("is caught when it acknowledges before the sync", { timeout: RUN_MS_MAX }, async () => {
    const report = await run({ kills: 2, seed: "power cut", volatileLog: "ack-before-sync" });
    expect(report.lost).toBeGreaterThan(0);
    expect(isSound(report)).toBe(false);
  });
});

describe("a host that does not come up", () => {
  it("is told from one that was killed", { timeout: RUN_MS_MAX }, async () => {
    const dataDirectory = join(directory, "not-a-directory");
    writeFileSync(dataDirectory, "");
    const host = new HostProcess({ dataDirectory, engine: "twin" }, directory);
    await expect(host.listening()).rejects.toThrow("the host was not listening: exit code 1");
    await expect(host.kill()).rejects.toThrow(HostError);
  });
});
