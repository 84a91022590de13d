import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Engine } from "@gridpact/native";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEngineLog } from "../../test/engine-log.ts";
import { boundary, MeteringDevice, MTU_MS } from "../../test/metering-device.ts";
import { HISTORY_STEPS_MAX } from "./reading-store.ts";
import { SqliteReadingStore } from "./sqlite-reading-store.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gridpact-store-"));
});
afterEach(() => rm(directory, { recursive: true }));

const path = () => join(directory, "readings.sqlite");
const wholeDay = { deviceId: "meter-1", fromUnixMs: boundary(0), toUnixMs: boundary(96), stepMs: MTU_MS };

/** A log of one envelope with readings at these instants. */
async function logged(...atUnixMs: number[]): Promise<Engine> {
  const device = new MeteringDevice("meter-1", 1);
  const log = await openEngineLog([device]);
  await log.submit(device, device.envelope(...atUnixMs));
  return log.engine;
}

describe("SqliteReadingStore", () => {
  it("answers with the history of what was written, step by step", async () => {
    const store = new SqliteReadingStore(":memory:");
    const log = await logged(boundary(0), boundary(0) + 60_000, boundary(2));
    expect(await store.copyFrom(log, 0n)).toEqual({ readings: 3, nextWalSeq: 1n });
    expect(await store.copyFrom(log, 1n)).toEqual({ readings: 0, nextWalSeq: 1n });
    expect(await store.history(wholeDay)).toEqual([
      { startUnixMs: boundary(0), readingCount: 2, meanPowerW: 1_000n, importWh: 1_500n, exportWh: 0n },
      { startUnixMs: boundary(2), readingCount: 1, meanPowerW: 1_000n, importWh: 1_750n, exportWh: 0n },
    ]);
    expect(await store.history({ ...wholeDay, deviceId: "meter-2" })).toEqual([]);
    await store.close();
  });

  it("keeps readings and cursor over a restart, and stores what comes again once", async () => {
    const log = await logged(boundary(0), boundary(1));
    const before = new SqliteReadingStore(path());
    expect(await before.cursor()).toBe(0n);
    await before.copyFrom(log, 0n);
    await before.copyFrom(log, 0n);
    await before.close();
    const after = new SqliteReadingStore(path());
    expect(await after.cursor()).toBe(1n);
    await after.copyFrom(log, 0n);
    expect((await after.history(wholeDay)).map(({ readingCount }) => readingCount)).toEqual([1, 1]);
    await after.close();
  });

  it("answers as many steps as its bound, and refuses one more", async () => {
    const store = new SqliteReadingStore(":memory:");
    const steps = (count: number) => ({ ...wholeDay, toUnixMs: boundary(0) + count * 1_000, stepMs: 1_000 });
    expect(await store.history(steps(HISTORY_STEPS_MAX))).toEqual([]);
    await expect(store.history(steps(HISTORY_STEPS_MAX + 1))).rejects.toMatchObject({ code: "HISTORY_TOO_LONG" });
    await expect(store.history({ ...wholeDay, stepMs: 0 })).rejects.toMatchObject({ code: "HISTORY_TOO_LONG" });
    await store.close();
  });

  it("says that it is unavailable while another process writes, and stores it at the next try", async () => {
    const store = new SqliteReadingStore(path());
    const log = await logged(boundary(0));
    const other = new DatabaseSync(path());
    other.exec("BEGIN IMMEDIATE");
    await expect(store.copyFrom(log, 0n)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    other.exec("ROLLBACK");
    await store.copyFrom(log, 0n);
    expect((await store.history(wholeDay)).length).toBe(1);
    other.close();
    await store.close();
  });
});
