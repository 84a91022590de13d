import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { sampleCandidate, sampleRecord } from "../test/choice-samples.ts";
import { ChoiceStore } from "./choice-store.ts";

const newDisk = () => new SimulatedDisk(new SeededRandom("choices"));

function recordAt(plannedAtUnixMs: number) {
  return sampleRecord([sampleCandidate("a")], { requestId: `r-${plannedAtUnixMs}`, plannedAtUnixMs });
}

describe("ChoiceStore", () => {
  it("finds a record again after a restart, and lists them oldest first", async () => {
    const disk = newDisk();
    const store = await ChoiceStore.open(disk);
    for (const at of [20, 3]) await store.save(recordAt(at));
    const reopened = await ChoiceStore.open(disk);
    expect(reopened.list().map(({ requestId }) => requestId)).toEqual(["r-3", "r-20"]);
    expect(await reopened.find("r-20")).toEqual(recordAt(20));
    expect(await reopened.find("r-4")).toBeUndefined();
  });

  it("replaces a record by what is known of it later", async () => {
    const store = await ChoiceStore.open(newDisk());
    const value = { actualMicro: 1n, greedyMicro: 2n, clairvoyantMicro: 3n };
    await store.save(recordAt(1));
    await store.save({ ...recordAt(1), value });
    expect(store.list()).toMatchObject([{ requestId: "r-1", value }]);
  });

  it("keeps as many as it may, and lets the oldest go for one more", async () => {
    const disk = newDisk();
    const store = await ChoiceStore.open(disk, 2);
    for (const at of [1, 2, 3]) await store.save(recordAt(at));
    expect(store.list().map(({ requestId }) => requestId)).toEqual(["r-2", "r-3"]);
    expect(await disk.list("choices")).toHaveLength(2);
    expect(await store.find("r-1")).toBeUndefined();
  });
});
