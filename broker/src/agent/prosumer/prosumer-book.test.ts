import { learnOutcome, newProsumer, type ProsumerState } from "@gridpact/flexibility";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { RESOURCE_KIND } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { ProsumerBook } from "./prosumer-book.ts";

const OUTCOME = {
  eventId: "e1",
  startUnixMs: 0,
  endUnixMs: 3_600_000,
  offeredWh: 200,
  orderedWh: 100,
  deliveredWh: 60,
  earnedMicro: 30,
  hasSigned: true,
  responseLagMs: null,
};

function newDisk() {
  return new SimulatedDisk(new SeededRandom("prosumers"));
}

function learned(deviceId: string): ProsumerState {
  return learnOutcome(newProsumer(deviceId, 0), OUTCOME);
}

describe("ProsumerBook", () => {
  it("keeps what was learned over a restart", async () => {
    const disk = newDisk();
    const book = await ProsumerBook.open(disk);
    await book.save(learned("b"));
    await book.save(learned("a"));
    const reopened = await ProsumerBook.open(disk);
    expect(reopened.list().map(({ prosumerId }) => prosumerId)).toEqual(["a", "b"]);
    expect(reopened.find("a")).toEqual(learned("a"));
  });

  it("takes a device of which nothing is known as new, with the usual rebound of its resources", async () => {
    const book = await ProsumerBook.open(newDisk());
    const dimmer = { resourceId: "light", kind: RESOURCE_KIND.DIMMER, reduceWMax: 500n, reduceWhMax: 0n };
    const battery = { ...dimmer, resourceId: "battery", kind: RESOURCE_KIND.BATTERY };
    expect(book.find("a")).toBeUndefined();
    expect(book.stateOf("a", [dimmer, battery]).reboundPerMille).toEqual({ value: 550, count: 0 });
    expect(book.stateOf("a").reboundPerMille.value).toBe(0);
  });

  it("leaves out a state of another format", async () => {
    const disk = newDisk();
    await disk.replace("prosumers/old.json", Buffer.from('{"formatVersion":0,"prosumerId":"old"}'));
    expect((await ProsumerBook.open(disk)).list()).toEqual([]);
  });

  it("keeps as many as it may; one more is not remembered and is counted, a known one goes on learning", async () => {
    const disk = newDisk();
    const book = await ProsumerBook.open(disk, 2);
    for (const deviceId of ["a", "b", "c"]) await book.save(learned(deviceId));
    expect(book.list().map(({ prosumerId }) => prosumerId)).toEqual(["a", "b"]);
    expect(book.forgotten()).toBe(1);
    const again = learnOutcome(learned("a"), { ...OUTCOME, eventId: "e2" });
    await book.save(again);
    expect(book.find("a")?.traces).toHaveLength(2);
    expect((await ProsumerBook.open(disk, 2)).find("a")).toEqual(again);
  });
});
