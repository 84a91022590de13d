import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { VERDICT } from "@gridpact/proto";
import { beforeEach, describe, expect, it } from "vitest";
import { DeviceFixture } from "../test/device-fixture.ts";
import { scanLog } from "./log-scan.ts";
import { openTwinEngine } from "./twin-engine.ts";

let disk: SimulatedDisk;
const log = () => ({ disk, directory: "wal" });

beforeEach(async () => {
  disk = new SimulatedDisk(new SeededRandom("scan"));
  const engine = await openTwinEngine({ ...log(), mtuMs: 900_000, segmentBytesMax: 200 });
  const device = new DeviceFixture("home-1");
  engine.enrol([device.enrolled("F1")]);
  for (let count = 0; count < 4; count++) {
    const malformed = { deviceId: "home-1", bytes: Buffer.from("no envelope") };
    await engine.submit([device.next(1), malformed], Date.UTC(2017, 0, 1));
  }
  await engine.close();
});

async function changed(name: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const path = `wal/${name}`;
  await disk.replace(path, change(Buffer.from((await disk.read(path)) ?? [])));
}

describe("scanLog", () => {
  it("shows every record in order, and how they lie in the segments", async () => {
    const seen: [bigint, number][] = [];
    const names: string[] = [];
    const scanned = await scanLog(log(), {
      onEnvelope: ({ walSeq, verdict }) => seen.push([walSeq, verdict]),
      onSegment: ({ name }, of) => names.push(`${name} of ${of}`),
    });
    expect(seen).toEqual(
      Array.from({ length: 8 }, (_, index) => [BigInt(index), index % 2 === 0 ? VERDICT.ACCEPTED : VERDICT.MALFORMED]),
    );
    expect(scanned).toMatchObject({ firstWalSeq: 0n, endWalSeq: 8n, tornBytes: 0 });
    expect(scanned.segments.length).toBeGreaterThan(1);
    expect(scanned.segments.reduce((sum, { records }) => sum + records, 0)).toBe(8);
    expect(names).toEqual(scanned.segments.map(({ name }) => `${name} of ${scanned.segments.length}`));
  });

  it("tells a torn end and leaves it where it is", async () => {
    const { segments } = await scanLog(log(), {});
    const last = segments.at(-1)?.name ?? "";
    await changed(last, (bytes) => bytes.subarray(0, -3));
    const scanned = await scanLog(log(), {});
    expect(scanned.endWalSeq).toBe(7n);
    expect(scanned.tornBytes).toBeGreaterThan(0);
    expect((await scanLog(log(), {})).tornBytes).toBe(scanned.tornBytes);
  });

  it("refuses a changed byte and a missing segment", async () => {
    const { segments } = await scanLog(log(), {});
    const [first, second] = segments.map(({ name }) => name);
    await disk.remove(`wal/${second}`);
    await expect(scanLog(log(), {})).rejects.toMatchObject({ code: "WAL_DAMAGED" });
    await changed(first as string, (bytes) => {
      bytes[30] = (bytes[30] as number) ^ 1;
      return bytes;
    });
    await expect(scanLog(log(), {})).rejects.toMatchObject({ code: "WAL_DAMAGED" });
  });
});
