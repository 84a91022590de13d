import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { LEARNED_EVENTS_MAX, ReliabilityBook } from "./reliability-book.ts";

function newDisk() {
  return new SimulatedDisk(new SeededRandom("reliability"));
}

const FAILED = { deviceId: "a", orderedWh: 100n, deliveredWh: 0n };

describe("ReliabilityBook", () => {
  it("trusts a new device and moves a quarter of the way to what each event brought", async () => {
    const book = await ReliabilityBook.open(newDisk());
    expect(book.perMilleOf("a")).toBe(1_000);
    await book.learn("e1", [FAILED]);
    expect(book.perMilleOf("a")).toBe(750);
    await book.learn("e2", [{ ...FAILED, deliveredWh: 100n }]);
    expect(book.perMilleOf("a")).toBe(812);
  });

  it("learns an event once, over a restart too", async () => {
    const disk = newDisk();
    await (await ReliabilityBook.open(disk)).learn("e1", [FAILED]);
    const reopened = await ReliabilityBook.open(disk);
    await reopened.learn("e1", [FAILED]);
    expect(reopened.perMilleOf("a")).toBe(750);
  });

  it("learns nothing from an empty order, and gives nobody up for good", async () => {
    const book = await ReliabilityBook.open(newDisk());
    await book.learn("e0", [{ ...FAILED, orderedWh: 0n }]);
    expect(book.perMilleOf("a")).toBe(1_000);
    for (let event = 1; event < 30; event++) await book.learn(`e${event}`, [FAILED]);
    expect(book.perMilleOf("a")).toBe(50);
  });

  it("remembers as many events as its bound and forgets the oldest then", async () => {
    const disk = newDisk();
    const book = await ReliabilityBook.open(disk);
    for (let event = 0; event <= LEARNED_EVENTS_MAX; event++) await book.learn(`e${event}`, []);
    const kept = JSON.parse(Buffer.from((await disk.read("reliability.json")) ?? []).toString());
    expect(kept.learnedEventIds).toHaveLength(LEARNED_EVENTS_MAX);
    expect(kept.learnedEventIds).not.toContain("e0");
  });
});
