import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { DocumentStore } from "./document-store.ts";

type Note = { count: number; energyWh: bigint };

function open(disk: SimulatedDisk, countMax = 10) {
  return DocumentStore.open<Note>({ disk, directory: "notes", countMax });
}

describe("DocumentStore", () => {
  it("finds after a restart what it stored, with its integers", async () => {
    const disk = new SimulatedDisk(new SeededRandom("store"));
    const store = await open(disk);
    await store.insert("b", { count: 1, energyWh: 10n ** 20n });
    await store.insert("a", { count: 2, energyWh: 0n });
    disk.crash();
    expect((await open(disk)).list()).toEqual([
      { count: 2, energyWh: 0n },
      { count: 1, energyWh: 10n ** 20n },
    ]);
  });

  it("keeps the first document of an id", async () => {
    const store = await open(new SimulatedDisk(new SeededRandom("store")));
    await store.insert("a", { count: 1, energyWh: 0n });
    expect(await store.insert("a", { count: 2, energyWh: 0n })).toEqual({ count: 1, energyWh: 0n });
  });

  it("loses no change when many come at once", async () => {
    const store = await open(new SimulatedDisk(new SeededRandom("store")));
    await store.insert("a", { count: 0, energyWh: 0n });
    const changes = Array.from({ length: 50 }, () => store.update("a", (note) => ({ ...note, count: note.count + 1 })));
    await Promise.all(changes);
    expect(store.get("a")?.count).toBe(50);
  });

  it("shows no change that the disk refused, and goes on with the next", async () => {
    const disk = new SimulatedDisk(new SeededRandom("store"));
    const store = await open(disk);
    await store.insert("a", { count: 0, energyWh: 0n });
    disk.setFault("ENOSPC");
    await expect(store.update("a", (note) => ({ ...note, count: 1 }))).rejects.toThrow("ENOSPC");
    expect(store.get("a")?.count).toBe(0);
    disk.setFault(undefined);
    expect(await store.update("a", (note) => ({ ...note, count: 2 }))).toMatchObject({ count: 2 });
  });

  it("takes as many documents as it may hold and not one more", async () => {
    const store = await open(new SimulatedDisk(new SeededRandom("store")), 2);
    await store.insert("a", { count: 0, energyWh: 0n });
    await store.insert("b", { count: 0, energyWh: 0n });
    await expect(store.insert("c", { count: 0, energyWh: 0n })).rejects.toThrow(
      expect.objectContaining({ code: "STORE_FULL", message: expect.stringContaining("move old ones elsewhere") }),
    );
  });

  it("refuses to open over a damaged document", async () => {
    const disk = new SimulatedDisk(new SeededRandom("store"));
    await disk.replace("notes/a.json", Buffer.from("{"));
    await expect(open(disk)).rejects.toThrow(SyntaxError);
  });
});
