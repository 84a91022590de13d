import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { nodeDisk, SeededRandom } from "@gridpact/host";
import { MTU_MS, WAL_DIRECTORY } from "@gridpact/loadtest";
import { openTwinEngine } from "@gridpact/native";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AckedEnvelopes } from "./acked-envelopes.ts";
import { HostProcess } from "./host-process.ts";
import { LoadFleet } from "./load-fleet.ts";
import { allRecords } from "./run-crashes.ts";

/** Five processes on a machine that may be busy; on an idle one they take some seconds. */
const RUN_MS_MAX = 120_000;

/** Acknowledged before the backup begins, and again after it has ended: each fills several groups of the log. */
const ACKS = 300;

const GRIDPACT = fileURLToPath(new URL("../../cloud/cli/bin/gridpact.mjs", import.meta.url));

let directory: string;
let host: HostProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-backup-test-"));
});
afterEach(async () => {
  if (host?.end() === undefined) await host?.kill();
  rmSync(directory, { recursive: true });
});

const at = (name: string) => join(directory, name);

/** Runs the program itself; its exit code and what it printed, as JSON if it is that. */
async function gridpact(
  ...args: string[]
): Promise<{ exitCode: number; output: Record<string, unknown>; text: string }> {
  const run = promisify(execFile)(process.execPath, [GRIDPACT, "wal", ...args, "--json"]);
  const {
    code = 0,
    stdout,
    stderr,
  } = await run.then(
    (ended) => ({ code: 0, ...ended }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
  const output = stdout.startsWith("{") ? (JSON.parse(stdout) as Record<string, unknown>) : {};
  return { exitCode: code, output, text: stdout + stderr };
}

async function countLost(acked: AckedEnvelopes, dataDirectory: string): Promise<unknown> {
  const log = { disk: nodeDisk(dataDirectory), directory: WAL_DIRECTORY };
  const engine = await openTwinEngine({ mtuMs: MTU_MS, ...log });
  const counts = await acked.reconcile(allRecords(engine));
  await engine.close();
  return counts;
}

it("a backup of a loaded host has all that was acknowledged before it began, and starts", {
  timeout: RUN_MS_MAX,
}, async () => {
  host = new HostProcess({ dataDirectory: at("vn") }, directory);
  const listening = await host.listening();
  const random = new SeededRandom("backup");
  const folders = { hostDirectory: at("vn"), directory: at("devices") };
  const fleet = await LoadFleet.enrol({ devices: 3, random, ...folders }, listening);
  await fleet.connect(listening.ports.mqtt);
  await fleet.until(() => fleet.acked.count() >= ACKS);
  const before = fleet.acked.copy();
  const backup = await gridpact("backup", at("vn"), "--to", at("backup"));
  expect(backup, backup.text).toMatchObject({ exitCode: 0 });
  const during = fleet.acked.count();
  await fleet.until(() => fleet.acked.count() >= during + ACKS);
  await host.kill();
  await fleet.disconnect();

  const restored = await gridpact("restore", at("backup"), "--to", at("restored"));
  expect(restored.output["endWalSeq"]).toBe(backup.output["endWalSeq"]);
  expect((await gridpact("verify", at("restored"))).output).toMatchObject({ isSound: true, tornBytes: 0 });
  host = new HostProcess({ dataDirectory: at("restored") }, directory);
  await host.listening();
  await host.close();
  expect(await countLost(before, at("restored"))).toMatchObject({ acked: before.count(), lost: 0, storedTwice: 0 });
  // The host went on meanwhile: what came later is in its own log only.
  expect(await countLost(fleet.acked, at("vn"))).toMatchObject({ lost: 0, storedTwice: 0 });
  expect(await countLost(fleet.acked, at("restored"))).not.toMatchObject({ lost: 0 });

  const segment = join(at("backup"), WAL_DIRECTORY, `${"0".repeat(20)}.log`);
  const whole = readFileSync(segment);
  truncateSync(segment, whole.length - 1);
  const torn = await gridpact("restore", at("backup"), "--to", at("torn"));
  expect(torn.exitCode).not.toBe(0);
  expect(torn.text).toContain("is not what was copied");
  writeFileSync(segment, whole);
  rmSync(join(at("backup"), "backup.json"));
  const unfinished = await gridpact("restore", at("backup"), "--to", at("unfinished"));
  expect(unfinished.text).toContain("was not finished");
});
