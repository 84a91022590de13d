import { type LogFields, SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { type Engine, openTwinEngine } from "@gridpact/native";
import { beforeEach, describe, expect, it } from "vitest";
import { MeteringDevice, MTU_MS, START_UNIX_MS } from "../../test/metering-device.ts";
import { LOOK_PERIOD_MS, Retention, type RetentionModules, type RetentionPolicy } from "./retention.ts";

const DAY_MS = 86_400_000;
const POLICY: RetentionPolicy = { keepMs: 10 * DAY_MS, fate: "archived" };

let disk: SimulatedDisk;
let archive: SimulatedDisk;
let engine: Engine;
let clock: VirtualClock;
let logged: LogFields[];
let fatal: unknown[];

/** An engine with one segment a day, for thirty days; the market's time stands at the end of them. */
beforeEach(async () => {
  disk = new SimulatedDisk(new SeededRandom("log"));
  archive = new SimulatedDisk(new SeededRandom("archive"));
  engine = await open({ archive: { disk: archive, directory: "archive" } });
  [logged, fatal] = [[], []];
  const device = new MeteringDevice("meter-1", 1);
  engine.enrol([device.enrolled()]);
  for (let day = 0; day < 30; day++) {
    const atUnixMs = START_UNIX_MS + day * DAY_MS;
    await engine.submit([{ deviceId: "meter-1", bytes: device.envelope(atUnixMs) }], atUnixMs);
  }
  clock = new VirtualClock(START_UNIX_MS + 30 * DAY_MS);
});

function open(options: { archive?: { disk: SimulatedDisk; directory: string } }): Promise<Engine> {
  return openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS, segmentBytesMax: 1, ...options });
}

function retention(policy: RetentionPolicy | undefined, modules: Partial<RetentionModules> = {}): Retention {
  return new Retention(policy, {
    clock,
    engine,
    log: { ...silentLog, info: (_event, fields) => logged.push(fields ?? {}) },
    releasedUntil: (walSeq) => walSeq,
    onFatal: (error) => fatal.push(error),
    ...modules,
  });
}

async function look(looking: Retention): Promise<number> {
  looking.tick();
  await looking.task().idle();
  return Number((await engine.segments())[0]?.firstWalSeq);
}

const FOR_EVER = () => Number.POSITIVE_INFINITY;

describe("retention of the log", () => {
  it("moves what is older than the time set into the archive, in several steps, and says so", async () => {
    const looking = retention(POLICY);
    looking.hold(FOR_EVER);
    // Day 20 was received exactly ten days ago and is not older; a segment ends where the next one begins.
    expect(await look(looking)).toBe(19);
    expect(await archive.list("archive")).toHaveLength(19);
    expect(looking.counts()).toEqual({
      retiredSegments: 19,
      fate: "archived",
      oldestReceivedAtUnixMs: START_UNIX_MS + 19 * DAY_MS,
    });
    expect(logged.map((fields) => fields["segments"])).toEqual([8, 8, 3]);
  });

  it("keeps all of it without a policy, and tells how old it is", async () => {
    const looking = retention(undefined);
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(0);
    expect(looking.counts()).toMatchObject({ retiredSegments: 0, oldestReceivedAtUnixMs: START_UNIX_MS });
  });

  it("retires nothing before it was told what is still needed", async () => {
    const looking = retention(POLICY);
    expect(await look(looking)).toBe(0);
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(19);
  });

  it("keeps what an open event may need, with a day for clocks that differ", async () => {
    const looking = retention(POLICY);
    looking.hold(() => START_UNIX_MS + 5 * DAY_MS + 1);
    expect(await look(looking)).toBe(4);
  });

  it("keeps what a view may need", async () => {
    const looking = retention(POLICY, { releasedUntil: (walSeq) => (walSeq < 7n ? walSeq : 7n) });
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(7);
  });

  it("never retires the open segment, however old it is", async () => {
    await clock.advanceTo(START_UNIX_MS + 1_000 * DAY_MS);
    const looking = retention(POLICY);
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(29);
  });

  it("looks again after a while, and not with every tick", async () => {
    const looking = retention(POLICY);
    looking.hold(FOR_EVER);
    await look(looking);
    await clock.advanceTo(clock.nowUnixMs() + LOOK_PERIOD_MS - 1);
    expect(await look(looking)).toBe(19);
    await clock.advanceTo(clock.nowUnixMs() + 1);
    expect(await look(looking)).toBe(20);
  });

  it("tries again after an archive that failed, and retires nothing meanwhile", async () => {
    archive.setFault("ENOSPC");
    const looking = retention(POLICY);
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(0);
    expect(looking.task().failures()).toBe(1);
    archive.setFault(undefined);
    await clock.advanceTo(clock.nowUnixMs() + LOOK_PERIOD_MS);
    expect(await look(looking)).toBe(20);
    expect(fatal).toEqual([]);
  });

  it("ends the process when the log's own disk fails", async () => {
    const looking = retention(POLICY);
    looking.hold(FOR_EVER);
    disk.setFault("EIO");
    expect(await look(looking)).toBe(0);
    expect(fatal).toMatchObject([{ code: "WAL_IO" }]);
  });

  it("never deletes what is to be archived", async () => {
    await engine.close();
    engine = await open({});
    expect(() => retention(POLICY)).toThrow("archive");
    const looking = retention({ ...POLICY, fate: "deleted" });
    looking.hold(FOR_EVER);
    expect(await look(looking)).toBe(19);
    expect(await archive.list("archive")).toEqual([]);
  });
});
