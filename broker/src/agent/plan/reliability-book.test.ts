import { TRAINED_POLICY } from "@gridpact/flexibility";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { LEARNED_EVENTS_MAX, ReliabilityBook } from "./reliability-book.ts";

function newDisk() {
  return new SimulatedDisk(new SeededRandom("reliability"));
}

const FAILED = { deviceId: "a", orderedWh: 100n, deliveredWh: 0n };

/** What a running event shows of a device, half-way through. */
function running(observedPerMille: number) {
  return { observedPerMille, progress: 0.5 };
}

describe("ReliabilityBook", () => {
  it("trusts a new device, less one that failed, and again one that was repaired", async () => {
    const book = await ReliabilityBook.open(newDisk());
    expect(book.perMilleOf("a")).toBe(1_000);
    await book.learn("e1", [FAILED]);
    const failed = book.perMilleOf("a");
    expect(failed).toBeLessThan(500);
    for (let event = 2; event < 8; event++) await book.learn(`e${event}`, [{ ...FAILED, deliveredWh: 100n }]);
    expect(book.perMilleOf("a")).toBeGreaterThan(failed + 300);
  });

  it("trusts one that delivered no less than one of which nothing is known", async () => {
    const book = await ReliabilityBook.open(newDisk());
    await book.learn("e1", [{ ...FAILED, deliveredWh: 100n }]);
    expect(book.perMilleOf("a")).toBe(1_000);
    await book.learn("e2", [{ ...FAILED, deliveredWh: 60n }]);
    expect(book.perMilleOf("a")).toBeLessThan(1_000);
  });

  it("expects of a running event what it shows, or less, never a recovery", async () => {
    const book = await ReliabilityBook.open(newDisk());
    await book.learn("e1", [FAILED]);
    for (const deviceId of ["a", "new"]) {
      for (const observed of [0, 300, 500, 800]) {
        const expected = book.runningPerMilleOf(deviceId, running(observed));
        expect(expected).toBeLessThanOrEqual(observed);
        expect(expected).toBeGreaterThanOrEqual(observed - 200);
      }
    }
    expect(book.runningPerMilleOf("a", running(500))).toBeLessThan(book.runningPerMilleOf("new", running(500)));
  });

  it("falls back to plain averages when the weights cannot be used", async () => {
    const weights = new Array<number>(TRAINED_POLICY.weights.length).fill(Number.NaN);
    const book = await ReliabilityBook.open(newDisk(), { ...TRAINED_POLICY, weights });
    await book.learn("e1", [{ ...FAILED, deliveredWh: 60n }]);
    expect(book.perMilleOf("new")).toBe(1_000);
    expect(book.perMilleOf("a")).toBe(600);
    expect(book.runningPerMilleOf("a", running(300))).toBe(300);
    await book.learn("e2", [FAILED]);
    expect(book.perMilleOf("a")).toBe(300);
  });

  it("learns an event once, over a restart too", async () => {
    const disk = newDisk();
    const book = await ReliabilityBook.open(disk);
    await book.learn("e1", [{ ...FAILED, deliveredWh: 60n }]);
    const reopened = await ReliabilityBook.open(disk);
    await reopened.learn("e1", [FAILED]);
    expect(reopened.perMilleOf("a")).toBe(book.perMilleOf("a"));
  });

  it("starts anew with a file of an older kind", async () => {
    const disk = newDisk();
    await disk.replace("reliability.json", Buffer.from('{"perMille":{"a":300},"learnedEventIds":["e1"]}'));
    expect((await ReliabilityBook.open(disk)).perMilleOf("a")).toBe(1_000);
  });

  it("learns nothing from an empty order, and gives nobody up for good", async () => {
    const book = await ReliabilityBook.open(newDisk());
    await book.learn("e0", [{ ...FAILED, orderedWh: 0n }]);
    expect(book.perMilleOf("a")).toBe(1_000);
    for (let event = 1; event < 30; event++) await book.learn(`e${event}`, [FAILED]);
    expect(book.perMilleOf("a")).toBeGreaterThanOrEqual(50);
    expect(book.perMilleOf("a")).toBeLessThan(300);
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
