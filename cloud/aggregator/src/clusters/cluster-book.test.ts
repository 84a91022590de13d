import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { sampleMember } from "../../test/cluster-samples.ts";
import { ClusterBook, FIRST_PLAN_WAITS_MS, MEMBERS_MAX, PLANS_KEPT_MAX } from "./cluster-book.ts";
import { DEFAULT_CLUSTER_GUIDELINES } from "./cluster-plan.ts";

const HOUR_MS = 3_600_000;
const newDisk = () => new SimulatedDisk(new SeededRandom("clusters"));
const open = (disk = newDisk()) => ClusterBook.open(disk, DEFAULT_CLUSTER_GUIDELINES);
const members = (...ids: string[]) => ids.map((id) => sampleMember(id));

describe("ClusterBook", () => {
  it("plans when nodes have spoken, not again at once, and not when nothing is new", async () => {
    const book = await open();
    expect(await book.planIfDue(0, 0)).toBeUndefined();
    await book.describe("north", members("a", "b"), 0);
    expect(await book.planIfDue(0, 0)).toMatchObject({ prosumerCount: 2 });
    await book.describe("north", members("c"), HOUR_MS);
    expect(await book.planIfDue(HOUR_MS, 0)).toBeUndefined();
    expect(await book.planIfDue(6 * HOUR_MS, 0)).toMatchObject({ prosumerCount: 3 });
    expect(await book.planIfDue(20 * HOUR_MS, 0)).toBeUndefined();
  });

  it("waits with its first plan for all prosumers that the nodes have, but not for ever", async () => {
    const book = await open();
    await book.describe("north", members("a"), HOUR_MS);
    expect(await book.planIfDue(HOUR_MS, 3)).toBeUndefined();
    expect(await book.planIfDue(HOUR_MS + FIRST_PLAN_WAITS_MS - 1, 3)).toBeUndefined();
    expect(await book.planIfDue(HOUR_MS + FIRST_PLAN_WAITS_MS, 3)).toMatchObject({ prosumerCount: 1 });
    const complete = await open();
    await complete.describe("north", members("a", "b"), HOUR_MS);
    await complete.describe("south", members("c"), HOUR_MS);
    expect(await complete.planIfDue(HOUR_MS, 3)).toMatchObject({ prosumerCount: 3 });
  });

  it("knows members and plans again after a restart", async () => {
    const disk = newDisk();
    const book = await open(disk);
    await book.describe("north", members("a", "b"), 0);
    await book.planIfDue(0, 0);
    const reopened = await open(disk);
    expect(reopened.memberCounts()).toEqual([{ vnId: "north", members: 2 }]);
    expect(reopened.plans()).toEqual(book.plans());
  });

  it("takes a prosumer out of the node that it left", async () => {
    const book = await open();
    await book.describe("north", members("a", "b"), 0);
    await book.describe("south", members("b", "c"), HOUR_MS);
    expect(book.memberCounts()).toEqual([
      { vnId: "north", members: 1 },
      { vnId: "south", members: 2 },
    ]);
  });

  it("lets a member that was there from the start move at once, and one that has just moved rest", async () => {
    const fails = (remainder: number) => (event: number) => (event % 2 === remainder ? 0 : 100);
    const failing = (id: string, remainder: number) =>
      sampleMember(id, { eventCount: 12, delivered: fails(remainder) });
    const now = Date.UTC(2016, 0, 28);
    const book = await open();
    await book.describe("north", [failing("a", 0), failing("b", 0)], now);
    await book.describe("south", [failing("c", 1), failing("d", 1)], now);
    const moves = (await book.planIfDue(now, 0))?.moves ?? [];
    expect(moves).toHaveLength(2);
    await book.describe("north", [failing("c", 1), failing("d", 1)], now);
    await book.describe("south", [failing("a", 0), failing("b", 0)], now);
    expect((await book.planIfDue(now + 6 * HOUR_MS, 0))?.moves).toEqual([]);
  });

  it("keeps as many plans as it may, the newest", async () => {
    const book = await open();
    for (let round = 0; round <= PLANS_KEPT_MAX; round += 1) {
      await book.describe("north", members("a", "b"), round * 6 * HOUR_MS);
      await book.planIfDue(round * 6 * HOUR_MS, 0);
    }
    expect(book.plans()).toHaveLength(PLANS_KEPT_MAX);
    expect(book.plans()[0]?.plannedAtUnixMs).toBe(6 * HOUR_MS);
  });

  it("keeps as many members as it may, and goes on hearing of those it has", async () => {
    const book = await open();
    const many = Array.from({ length: MEMBERS_MAX }, (_, index) => sampleMember(`p-${index}`));
    await book.describe("north", many, 0);
    await book.describe("south", members("one-more"), 0);
    await book.describe("north", [sampleMember("p-0", { capacityW: 9 })], 0);
    expect(book.memberCounts()).toEqual([
      { vnId: "north", members: MEMBERS_MAX },
      { vnId: "south", members: 0 },
    ]);
  });
});
