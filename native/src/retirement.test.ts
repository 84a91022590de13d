import { type Disk, SeededRandom, SimulatedDisk } from "@gridpact/host";
import { VERDICT } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { DAY_UNIX_MS, DeviceFixture } from "../test/device-fixture.ts";
import { DyingDisk } from "../test/dying-disk.ts";
import type { Engine, LoggedEnvelope, ReceivedEnvelope } from "./engine.ts";
import { RETIRED_SEGMENTS_MAX } from "./retirement.ts";
import { openTwinEngine } from "./twin-engine.ts";

const RECEIVED_AT = DAY_UNIX_MS + 86_400_000;

/** Every group closes the segment before it. */
async function open(disk: Disk, archive: Disk, device: DeviceFixture): Promise<Engine> {
  const log = { disk, directory: "wal", archive: { disk: archive, directory: "archive" } };
  const engine = await openTwinEngine({ ...log, mtuMs: 900_000, segmentBytesMax: 1 });
  engine.enrol([device.enrolled()]);
  return engine;
}

async function benchWith(segments: number) {
  const disk = new SimulatedDisk(new SeededRandom("log"));
  const archive = new SimulatedDisk(new SeededRandom("archive"));
  const device = new DeviceFixture("home-1");
  const engine = await open(disk, archive, device);
  const sent: ReceivedEnvelope[] = [];
  for (let count = 0; count < segments; count++) {
    sent.push(device.next(1));
    await engine.submit(sent.slice(-1), RECEIVED_AT);
  }
  return { disk, archive, device, engine, sent };
}

const name = (seq: number) => `${String(seq).padStart(20, "0")}.log`;

describe("retirement of closed segments", () => {
  it("moves them into the archive, byte for byte, and remembers the devices", async () => {
    const { disk, archive, device, engine, sent } = await benchWith(4);
    const before = await disk.read(`wal/${name(1)}`);
    expect(await engine.retire(2n)).toBe(2n);
    expect(await archive.list("archive")).toEqual([name(0), name(1)]);
    expect(await archive.read(`archive/${name(1)}`)).toEqual(before);
    expect((await engine.readLog(0n, 10)).map(({ walSeq }) => walSeq)).toEqual([2n, 3n]);
    expect((await engine.replay(0n, 10)).outcome.envelopes).toHaveLength(2);
    await engine.close();
    const again = await open(disk, archive, device);
    const verdicts = (await again.submit([...sent, device.next(1)], RECEIVED_AT)).verdicts;
    expect([...verdicts]).toEqual([...sent.map(() => VERDICT.DUPLICATE), VERDICT.ACCEPTED]);
  });

  it("takes a bounded number at a time, and never the open one", async () => {
    const { engine } = await benchWith(RETIRED_SEGMENTS_MAX + 2);
    const bound = BigInt(RETIRED_SEGMENTS_MAX);
    expect(await engine.retire(100n)).toBe(bound);
    expect(await engine.retire(100n)).toBe(bound + 1n);
    expect(await engine.retire(100n)).toBe(bound + 1n);
  });

  it("leaves the log alone, and at work, when the archive is full or holds another log", async () => {
    const { archive, device, engine } = await benchWith(3);
    archive.setFault("ENOSPC");
    await expect(engine.retire(2n)).rejects.toMatchObject({ code: "ARCHIVE_IO" });
    archive.setFault(undefined);
    const other = await benchWith(1);
    const later = await open(other.archive, other.archive, other.device);
    await later.submit(other.sent, RECEIVED_AT + 1);
    await archive.replace(`archive/${name(0)}`, (await other.archive.read(`wal/${name(0)}`)) ?? new Uint8Array());
    await expect(engine.retire(2n)).rejects.toMatchObject({ code: "ARCHIVE_IO" });
    await archive.replace(`archive/${name(0)}`, new Uint8Array(99));
    expect([...(await engine.submit([device.next(1)], RECEIVED_AT)).verdicts]).toEqual([VERDICT.ACCEPTED]);
    expect(await engine.retire(2n)).toBe(2n);
  });

  it("puts it off when the log's disk is full", async () => {
    const { disk, engine } = await benchWith(3);
    disk.setFault("ENOSPC");
    await expect(engine.retire(2n)).rejects.toMatchObject({ code: "WAL_FULL" });
    disk.setFault(undefined);
    expect(await engine.retire(2n)).toBe(2n);
  });

  it("retires nothing that is not what was written", async () => {
    const { disk, archive, engine } = await benchWith(3);
    disk.flipBit(`wal/${name(0)}`, 400);
    await expect(engine.retire(2n)).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    expect(await archive.list("archive")).toEqual([]);
  });

  it("loses nothing at whichever step the process dies", async () => {
    let steps = 0;
    for (let isDead = true; isDead; steps++) {
      const { disk, archive, device, engine, sent } = await benchWith(5);
      const all = await engine.readLog(0n, 10);
      await engine.close();
      const power = { stepsLeft: steps };
      const dying = await open(new DyingDisk(disk, power), new DyingDisk(archive, power), device).catch(
        () => undefined,
      );
      isDead = await (dying?.retire(3n) ?? Promise.reject(new Error("no start"))).then(
        () => false,
        () => true,
      );
      disk.crash();
      archive.crash();
      const reborn = await open(disk, archive, device);
      const [start = 0n] = (await reborn.segments()).map(({ firstWalSeq }) => firstWalSeq);
      expect([...(await archived(archive, start)), ...(await reborn.readLog(0n, 10))], `step ${steps}`).toEqual(all);
      const resent = await reborn.submit([...sent, device.next(1)], RECEIVED_AT);
      expect([...resent.verdicts]).toEqual([...sent.map(() => VERDICT.DUPLICATE), VERDICT.ACCEPTED]);
      expect(await reborn.retire(3n)).toBe(3n);
    }
    expect(steps, "steps at which it died").toBeGreaterThan(8);
  });
});

/** Records before `end` of an archive, which is a log that nobody writes to. */
async function archived(archive: Disk, end: bigint): Promise<LoggedEnvelope[]> {
  if (end === 0n) return [];
  const engine = await openTwinEngine({ disk: archive, directory: "archive", mtuMs: 900_000 });
  const records = await engine.readLog(0n, Number(end));
  await engine.close();
  return records;
}
