import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import type { MoveOrder, MoveReport } from "@gridpact/proto";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleMember } from "../../test/cluster-samples.ts";
import { RegistryLedger } from "../../test/registry-ledger.ts";
import { ClusterBook, DEFAULT_CLUSTER_GUIDELINES } from "../clusters/index.ts";
import type { MoveView } from "./move.ts";
import { MoveDesk, ORDERS_MAX } from "./move-desk.ts";

const NOW = Date.UTC(2016, 0, 28);
const HOUR_MS = 3_600_000;
const failing = (id: string, remainder: number) =>
  sampleMember(id, { eventCount: 12, delivered: (event) => (event % 2 === remainder ? 0 : 100) });

/** Two nodes whose members miss together, a registry, and the plan that parts them. */
class Bench {
  readonly clock = new VirtualClock(NOW);
  readonly disk = new SimulatedDisk(new SeededRandom("moves"));
  readonly ledger = new RegistryLedger();
  #clusters: ClusterBook | undefined;
  #desk: MoveDesk | undefined;

  get desk(): MoveDesk {
    return this.#desk as MoveDesk;
  }

  get clusters(): ClusterBook {
    return this.#clusters as ClusterBook;
  }

  async open(): Promise<void> {
    const { clock, disk, ledger } = this;
    this.#clusters = await ClusterBook.open(disk, DEFAULT_CLUSTER_GUIDELINES);
    this.#desk = await MoveDesk.open({ clock, disk, ledger, log: silentLog, clusters: this.#clusters });
  }

  async describe(): Promise<void> {
    for (const id of ["a", "b"]) this.ledger.add(id, "north");
    for (const id of ["c", "d"]) this.ledger.add(id, "south");
    await this.clusters.describe("north", [failing("a", 0), failing("b", 0)], NOW);
    await this.clusters.describe("south", [failing("c", 1), failing("d", 1)], NOW);
  }

  async plan(): Promise<string> {
    const { desk, clock } = this;
    const plan = await this.clusters.planIfDue(clock.nowUnixMs(), 0, desk.whyFixed.bind(desk));
    return plan?.inputsHashHex ?? "";
  }

  states(): [string, string, string][] {
    return this.desk.views().map(({ deviceId, state, reason }) => [deviceId, state, reason]);
  }
}

const report = (moveId: string, state: MoveReport["state"], changes: Partial<MoveReport> = {}): MoveReport => {
  return { moveId, state, reason: "", ticketHex: null, ...changes };
};

let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.open();
  await bench.describe();
});

describe("MoveDesk", () => {
  it("moves nobody that was not approved, and by the plan's hash only", async () => {
    const planHashHex = await bench.plan();
    expect(bench.states().map(([, state]) => state)).toEqual(["proposed", "proposed"]);
    expect(await bench.desk.exchange("north", [])).toEqual([]);
    await expect(bench.desk.approve({ planHashHex: "00" })).rejects.toMatchObject({ code: "MOVES_STALE" });
    const unknown = bench.desk.approve({ planHashHex, moveIds: ["none"] });
    await expect(unknown).rejects.toMatchObject({ code: "UNKNOWN_MOVE" });
    const [first] = bench.desk.views();
    const mixed = bench.desk.approve({ planHashHex, moveIds: [first?.moveId ?? "", "none"] });
    await expect(mixed).rejects.toMatchObject({ code: "UNKNOWN_MOVE" });
    expect(bench.states().map(([, state]) => state)).toEqual(["proposed", "proposed"]);
    const [approved] = await bench.desk.approve({ planHashHex, moveIds: [first?.moveId ?? ""] });
    expect(approved).toMatchObject({ moveId: first?.moveId, state: "approved" });
    await bench.desk.approve({ planHashHex });
    expect(bench.states().map(([, state]) => state)).toEqual(["approved", "approved"]);
  });

  it("takes the ticket to the losing node, and ends when the ledger has the device at the other", async () => {
    const planHashHex = await bench.plan();
    const [approved] = await bench.desk.approve({ planHashHex });
    const { moveId, deviceId, fromVnId, toVnId } = approved as MoveView;
    const orderFor = async (vnId: string) =>
      (await bench.desk.exchange(vnId, [])).find((each) => each.moveId === moveId);
    expect(await orderFor(fromVnId)).toMatchObject({ ticketHex: null, publicKeyHex: `key-${deviceId}`, feeder: "f1" });
    await bench.desk.exchange(fromVnId, [report(moveId, "ticketed", { ticketHex: "bad" })]);
    expect(await orderFor(fromVnId)).toMatchObject({ ticketHex: null });
    await bench.desk.exchange(toVnId, [report(moveId, "ticketed", { ticketHex: "cafe" })]);
    await bench.open();
    expect(await orderFor(fromVnId)).toMatchObject({ ticketHex: "cafe", isCancelled: false });
    await bench.desk.exchange(fromVnId, [report(moveId, "waiting", { reason: "contract c is in force" })]);
    expect(bench.states()).toContainEqual([deviceId, "underWay", "contract c is in force"]);
    await bench.desk.step();
    bench.ledger.change(deviceId, { state: "released" });
    await bench.desk.step();
    expect(bench.states()).toContainEqual([deviceId, "underWay", "contract c is in force"]);
    bench.ledger.change(deviceId, { vnId: toVnId, state: "active" });
    await bench.desk.step();
    expect(bench.states()).toContainEqual([deviceId, "done", ""]);
    expect([await orderFor(fromVnId), await orderFor(toVnId)]).toEqual([undefined, undefined]);
    expect(bench.desk.homeOf(deviceId)).toBe(toVnId);
    const members = new Map(bench.clusters.memberCounts().map(({ vnId, members: count }) => [vnId, count]));
    expect([members.get(fromVnId), members.get(toVnId)]).toEqual([1, 3]);
  });

  it("ends with the reason when the device stays, and has the ticket withdrawn", async () => {
    const planHashHex = await bench.plan();
    const approved = await bench.desk.approve({ planHashHex });
    for (const [index, state] of (["refused", "returned"] as const).entries()) {
      const { moveId, deviceId, fromVnId, toVnId } = approved[index] as (typeof approved)[number];
      const orders = async () => (await bench.desk.exchange(toVnId, [])).filter((each) => each.moveId === moveId);
      await bench.desk.exchange(toVnId, [report(moveId, "ticketed", { ticketHex: "cafe" })]);
      await bench.desk.exchange(fromVnId, [report(moveId, state, { reason: "it stays" })]);
      expect(bench.states()).toContainEqual([deviceId, "refused", "it stays"]);
      expect(await orders()).toMatchObject([{ isCancelled: true }]);
      await bench.desk.exchange(toVnId, [report(moveId, "closed")]);
      expect(await orders()).toEqual([]);
      // What comes late changes nothing.
      await bench.desk.exchange(fromVnId, [report(moveId, "released")]);
      await bench.desk.exchange("elsewhere", [report(moveId, "refused", { reason: "no" })]);
      expect(bench.states()).toContainEqual([deviceId, "refused", "it stays"]);
    }
  });

  it("does not propose a device that is not its node's, nor one of which the ledger says nothing", async () => {
    bench.ledger.change("a", { state: "released" });
    bench.ledger.entries.delete("b");
    bench.ledger.change("c", { state: "revoked" });
    bench.ledger.change("d", { vnId: "west" });
    await bench.plan();
    expect(bench.states()).toEqual([]);
    const reasons = bench.clusters.plans().at(-1)?.reasons.slice(1) ?? [];
    expect(reasons.sort()).toEqual([
      "a stays: the ledger has it as released",
      "b stays: the ledger does not know it",
      "c stays: the ledger has it as revoked",
      "d stays: the ledger has it at west",
    ]);
    const other = new Bench();
    await other.open();
    await other.describe();
    other.ledger.isDown = true;
    await other.plan();
    expect(other.clusters.plans().at(-1)?.moves).toEqual([]);
  });

  it("refuses what became impossible after it was proposed, and a second move of one device", async () => {
    const planHashHex = await bench.plan();
    const [first, second] = bench.desk.views();
    bench.ledger.change(first?.deviceId ?? "", { state: "revoked" });
    await expect(bench.desk.approve({ planHashHex })).rejects.toMatchObject({
      code: "MOVE_IMPOSSIBLE",
      message: `${first?.deviceId} cannot move: the ledger has it as revoked`,
    });
    await bench.desk.approve({ planHashHex, moveIds: [second?.moveId ?? ""] });
    expect(await bench.desk.whyFixed(second?.deviceId ?? "", second?.fromVnId ?? "")).toBe("it is moving");
    await bench.clock.advanceTo(NOW + 7 * HOUR_MS);
    await bench.clusters.describe("north", [failing("e", 0)], NOW + 7 * HOUR_MS);
    bench.ledger.add("e", "north");
    await bench.plan();
    const again = bench.desk.views().filter(({ deviceId }) => deviceId === second?.deviceId);
    expect(again.map(({ state }) => state)).toEqual(["approved"]);
  });

  it("moves a device that has changed its key, with a ticket for the key that it has now", async () => {
    for (const deviceId of ["a", "b", "c", "d"]) bench.ledger.change(deviceId, { publicKeyHex: `new-${deviceId}` });
    const [approved] = await bench.desk.approve({ planHashHex: await bench.plan() });
    const { deviceId, toVnId } = approved as MoveView;
    const orders = await bench.desk.exchange(toVnId, []);
    expect(orders.find((each) => each.deviceId === deviceId)?.publicKeyHex).toBe(`new-${deviceId}`);
  });

  it("tells a node of as many moves as fit into an answer, the oldest", async () => {
    const many = (from: number) => Array.from({ length: 10 }, (_, index) => failing(`m-${from}-${index}`, from));
    const guidelines = { ...DEFAULT_CLUSTER_GUIDELINES, movesMax: 40, gainPerMilleMin: 0 };
    const { clock, disk, ledger } = new Bench();
    const clusters = await ClusterBook.open(disk, guidelines);
    const desk = await MoveDesk.open({ clock, disk, ledger, log: silentLog, clusters });
    for (const [remainder, vnId] of ["north", "south"].entries()) {
      for (const { prosumerId } of many(remainder)) ledger.add(prosumerId, vnId);
      await clusters.describe(vnId, many(remainder), NOW);
    }
    const plan = await clusters.planIfDue(NOW, 0, desk.whyFixed.bind(desk));
    const approved = await desk.approve({ planHashHex: plan?.inputsHashHex ?? "" });
    expect(approved.length).toBeGreaterThan(ORDERS_MAX);
    expect(await desk.exchange("north", [])).toHaveLength(ORDERS_MAX);
  });
});

describe("cancelling a move", () => {
  async function approved(): Promise<MoveView & { orders: (vnId: string) => Promise<MoveOrder[]> }> {
    const [view] = await bench.desk.approve({ planHashHex: await bench.plan() });
    const orders = async (vnId: string) => {
      return (await bench.desk.exchange(vnId, [])).filter(({ moveId }) => moveId === view?.moveId);
    };
    return { ...(view as MoveView), orders };
  }

  const ticketed = (moveId: string) => report(moveId, "ticketed", { ticketHex: "cafe" });

  it("ends it at once while there is no ticket, and has one that comes withdrawn", async () => {
    const { moveId, deviceId, fromVnId, toVnId, orders } = await approved();
    expect(await bench.desk.cancel(moveId)).toMatchObject({ state: "cancelled", reason: "the operator cancelled it" });
    await bench.desk.exchange(toVnId, [ticketed(moveId)]);
    expect(await orders(fromVnId)).toEqual([]);
    expect(await orders(toVnId)).toMatchObject([{ isCancelled: true }]);
    await bench.desk.exchange(toVnId, [report(moveId, "closed")]);
    expect(await orders(toVnId)).toEqual([]);
    expect(await bench.desk.whyFixed(deviceId, fromVnId)).toBeUndefined();
  });

  it("waits for the word of the device's node once that may know of it, over a crash as well", async () => {
    const { moveId, fromVnId, toVnId, orders } = await approved();
    await bench.desk.exchange(toVnId, [ticketed(moveId)]);
    await bench.desk.exchange(fromVnId, [report(moveId, "waiting", { reason: "contract c is in force" })]);
    expect(await bench.desk.cancel(moveId)).toMatchObject({ state: "cancelling", reason: "contract c is in force" });
    bench.disk.crash();
    await bench.open();
    expect(await orders(fromVnId)).toMatchObject([{ isCancelled: true }]);
    expect(await orders(toVnId)).toMatchObject([{ isCancelled: false }]);
    await bench.desk.exchange(fromVnId, [report(moveId, "waiting")]);
    expect((await bench.desk.cancel(moveId)).state).toBe("cancelling");
    await bench.desk.exchange(fromVnId, [report(moveId, "cancelled", { reason: "the operator cancelled it" })]);
    expect(await bench.desk.cancel(moveId)).toMatchObject({ state: "cancelled", reason: "the operator cancelled it" });
    expect(await orders(fromVnId)).toEqual([]);
    expect(await orders(toVnId)).toMatchObject([{ isCancelled: true }]);
  });

  it("comes to nothing when the device was asked meanwhile: the move goes on, and that is that", async () => {
    const { moveId, deviceId, fromVnId, toVnId, orders } = await approved();
    await bench.desk.exchange(toVnId, [ticketed(moveId)]);
    await bench.desk.cancel(moveId);
    await bench.desk.exchange(fromVnId, [report(moveId, "offered")]);
    expect(bench.states()).toContainEqual([deviceId, "underWay", ""]);
    expect(await orders(fromVnId)).toMatchObject([{ isCancelled: false }]);
    const tooLate = { code: "MOVE_TOO_LATE", message: `${moveId} cannot be cancelled: its device is being asked` };
    await expect(bench.desk.cancel(moveId)).rejects.toMatchObject(tooLate);
  });

  it.each([
    ["released", {}, "its device has agreed and is on its way"],
    ["refused", { reason: "it stays" }, "it is refused"],
  ] as const)("is too late for one that is %s", async (state, changes, reason) => {
    const { moveId, fromVnId, toVnId } = await approved();
    await bench.desk.exchange(toVnId, [ticketed(moveId)]);
    await bench.desk.exchange(fromVnId, [report(moveId, state, changes)]);
    const tooLate = { code: "MOVE_TOO_LATE", message: `${moveId} cannot be cancelled: ${reason}` };
    await expect(bench.desk.cancel(moveId)).rejects.toMatchObject(tooLate);
  });

  it("is refused for one that nobody approved, and changes nothing when it cannot be kept", async () => {
    await expect(bench.desk.cancel("0123456789ab.a")).rejects.toMatchObject({ code: "UNKNOWN_MOVE" });
    const { moveId, deviceId, orders, fromVnId } = await approved();
    bench.disk.setFault("ENOSPC");
    await expect(bench.desk.cancel(moveId)).rejects.toThrow("ENOSPC");
    bench.disk.setFault(undefined);
    expect(bench.states()).toContainEqual([deviceId, "approved", ""]);
    expect(await orders(fromVnId)).toMatchObject([{ isCancelled: false }]);
  });
});
