import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { volatileDisk } from "./volatile-disk.ts";

const BYTES = Uint8Array.of(1, 2, 3);

describe("a disk whose unsynced bytes die with the process", () => {
  it("keeps from the real disk what was not synced, and gives it what was", async () => {
    const disk = new SimulatedDisk(new SeededRandom("volatile"));
    const file = await volatileDisk(disk, "honest").openAppend("wal/a");
    await file.append(BYTES);
    expect(file.sizeBytes()).toBe(3);
    expect(await disk.read("wal/a")).toHaveLength(0);
    await file.sync();
    expect(await disk.read("wal/a")).toEqual(BYTES);
    expect(file.sizeBytes()).toBe(3);
  });

  it("says too early that it synced, as the planted fault", async () => {
    const disk = new SimulatedDisk(new SeededRandom("volatile"));
    const file = await volatileDisk(disk, "ack-before-sync").openAppend("wal/a");
    await file.append(BYTES);
    await file.sync();
    expect(await disk.read("wal/a")).toHaveLength(0);
    await file.close();
    expect(await disk.read("wal/a")).toEqual(BYTES);
  });

  it("shows its reader everything that was appended, in order", async () => {
    const disk = volatileDisk(new SimulatedDisk(new SeededRandom("volatile")), "honest");
    const file = await disk.openAppend("wal/a");
    await file.append(BYTES);
    await file.append(Uint8Array.of(4));
    expect(await disk.read("wal/a")).toEqual(Uint8Array.of(1, 2, 3, 4));
    await file.append(Uint8Array.of(5));
    await file.truncate(2);
    expect(await disk.read("wal/a")).toEqual(Uint8Array.of(1, 2));
    expect(file.sizeBytes()).toBe(2);
  });
});
