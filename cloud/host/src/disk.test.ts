import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Disk, nodeDisk } from "./disk.ts";
import { SeededRandom } from "./random.ts";
import { SimulatedDisk, SimulatedDiskError } from "./simulated-disk.ts";

const root = mkdtempSync(join(tmpdir(), "gridpact-disk-"));
afterAll(() => rmSync(root, { recursive: true }));

const disks: [string, () => Disk][] = [
  ["nodeDisk", () => nodeDisk(mkdtempSync(join(root, "case-")))],
  ["SimulatedDisk", () => new SimulatedDisk(new SeededRandom("disk"))],
];

describe.each(disks)("%s", (_, make) => {
  it("appends, cuts and reads back", async () => {
    const disk = make();
    const file = await disk.openAppend("a/b.log");
    await file.append(Uint8Array.of(1, 2, 3));
    await file.append(Uint8Array.of(4));
    await file.sync();
    expect(file.sizeBytes()).toBe(4);
    await file.truncate(2);
    await file.append(Uint8Array.of(9));
    await file.sync();
    await file.close();
    expect([...((await disk.read("a/b.log")) ?? [])]).toEqual([1, 2, 9]);
    const reopened = await disk.openAppend("a/b.log");
    expect(reopened.sizeBytes()).toBe(3);
    await reopened.close();
  });

  it("replaces whole files and lists a directory in order", async () => {
    const disk = make();
    await disk.replace("d/two", Uint8Array.of(2));
    await disk.replace("d/one", Uint8Array.of(0));
    await disk.replace("d/one", Uint8Array.of(1));
    expect(await disk.list("d")).toEqual(["one", "two"]);
    expect([...((await disk.read("d/one")) ?? [])]).toEqual([1]);
    await disk.remove("d/two");
    expect(await disk.list("d")).toEqual(["one"]);
  });

  it("knows nothing of files that are not there", async () => {
    const disk = make();
    expect(await disk.read("missing")).toBeUndefined();
    expect(await disk.list("missing")).toEqual([]);
  });
});

describe("nodeDisk", () => {
  it("makes files that only their owner can read", async () => {
    const directory = mkdtempSync(join(root, "mode-"));
    await nodeDisk(directory).replace("key", Uint8Array.of(1));
    expect(statSync(join(directory, "key")).mode & 0o777).toBe(0o600);
  });
});

it("a real disk says where a file lies, in a folder that is there; a simulated one has no such place", () => {
  const directory = mkdtempSync(join(root, "case-"));
  const path = nodeDisk(directory).pathOf?.("a/b.sqlite") ?? "";
  expect(path).toBe(join(directory, "a", "b.sqlite"));
  writeFileSync(path, "");
  const simulated: Disk = new SimulatedDisk(new SeededRandom("nowhere"));
  expect(simulated.pathOf).toBeUndefined();
});

describe("SimulatedDisk", () => {
  it("keeps what was synced and a prefix of the rest over a crash, and ends old handles", async () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = new SimulatedDisk(new SeededRandom(String(seed)));
      const file = await disk.openAppend("f");
      await file.append(Uint8Array.of(1, 2));
      await file.sync();
      await file.append(Uint8Array.of(3, 4, 5));
      disk.crash();
      const kept = [...((await disk.read("f")) ?? [])];
      expect(kept.length).toBeGreaterThanOrEqual(2);
      expect(kept).toEqual([1, 2, 3, 4, 5].slice(0, kept.length));
      await expect(file.append(Uint8Array.of(6))).rejects.toThrow(SimulatedDiskError);
    }
  });

  it("is full or fails to sync when told to", async () => {
    const disk = new SimulatedDisk(new SeededRandom("faults"));
    const file = await disk.openAppend("f");
    disk.setFault("ENOSPC");
    await expect(file.append(Uint8Array.of(1))).rejects.toMatchObject({ code: "ENOSPC" });
    await expect(disk.replace("g", Uint8Array.of(1))).rejects.toMatchObject({ code: "ENOSPC" });
    disk.setFault("EIO");
    await file.append(Uint8Array.of(1));
    await expect(file.sync()).rejects.toMatchObject({ code: "EIO" });
  });
});
