import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isGoThere } from "../src/generator/index.ts";
import { STORE_FAULTS } from "./faulty-store.ts";
import { runOutage } from "./run-outage.ts";
import { startLineStore } from "./test/line-store.ts";

const hasGo = isGoThere();
if (!hasGo) process.stdout.write("Outage not run: there is no go on PATH to build the load generator with.\n");

const FAULTS = STORE_FAULTS.filter((fault) => fault !== "slow");

it.runIf(hasGo)("stores every reading once, whatever the store did meanwhile", { timeout: 120_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-outage-test-"));
  const behind = await startLineStore();
  const load = { devices: 2, readings: 3, envelopesPerSecond: 40, seconds: 1 };
  const report = await runOutage({ faults: FAULTS, ...load }, behind, { directory, progress: () => undefined });
  behind.close();
  expect(report.storedReadings).toBe(report.sentReadings);
  expect(report.sentReadings).toBe(FAULTS.length * 3 * 40 * 3);
  expect(report.faults.map(({ fault }) => fault)).toEqual(FAULTS);
  for (const { backlogReadings } of report.faults) expect(backlogReadings).toBeGreaterThan(0);
  rmSync(directory, { recursive: true });
});
