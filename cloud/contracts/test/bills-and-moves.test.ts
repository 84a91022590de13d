import { beforeEach, describe, expect, it } from "vitest";
import type { TransactionArgument } from "../src/index.ts";
import { STAYS_MAX } from "../src/registry/documents.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  type Anchored,
  EVENT_START_UNIX_MS,
  type Market,
  NODES,
  type NodeId,
  openMarket,
  programme,
} from "./market.ts";
import { enrolDevice, moveDevice, releaseDevice } from "./move.ts";
import { assertRefused } from "./refusal.ts";

const HOUR_MS = 3_600_000;
const at = (hours: number) => EVENT_START_UNIX_MS + hours * HOUR_MS;

/** Of every hour, Wh. */
const HOURLY_WH = 1_000n;

/** The device is with the district, moves to the offices twenty minutes after hour 3, and draws 1 kWh in every hour. */
describe("a bill, when the device has moved", () => {
  let market: Market;
  let feid: Feid;
  /** By hour: the envelope that shows the register, and which node took it. */
  let anchored: Map<number, Anchored>;

  const meter = (hours: number) =>
    feid.sign([{ measuredAtUnixMs: BigInt(at(hours)), importWh: BigInt(hours) * HOURLY_WH, exportWh: 0n }]);

  async function take(vnId: NodeId, hours: readonly number[]): Promise<void> {
    for (const each of await market.anchor(hours.map(meter), vnId)) anchored.set(hours[each.leafIndex] ?? 0, each);
  }

  async function moveAt(unixMs: number, from: NodeId, to: NodeId, revision = 0): Promise<void> {
    market.nowUnixMs = unixMs;
    await moveDevice(market, feid, { from, to, revision });
  }

  beforeEach(async () => {
    const opened = await openMarket(1);
    market = opened.market;
    feid = opened.feids[0] as Feid;
    anchored = new Map();
    await market.submit(AGGREGATOR, "programmes:Publish", programme());
    await take("district", [1, 2]);
    // What the device has spooled before it was released goes to its new node.
    await moveAt(at(3) + 20 * 60_000, "district", "offices");
    await take("offices", [3, 4, 5]);
  });

  /** A node's bill for a span of hours, by registers of whichever node took them. */
  function billOf(vnId: NodeId, [from, to]: readonly [number, number], claimId = `${vnId}-${from}`) {
    const ends = [anchored.get(from), anchored.get(to)];
    const evidence = [...new Set(ends.flatMap((end) => end?.vnId ?? []))].map((source) => {
      const own = ends.flatMap((end) => (end?.vnId === source ? [end] : []));
      const boundaries = ends.map((end) => (end?.vnId === source ? { envelope: own.indexOf(end), reading: 0 } : null));
      return { vnId: source, evidence: market.evidence(own, boundaries) };
    });
    const span = { fromUnixMs: at(from), toUnixMs: at(to), dueUnixMs: at(24) };
    const argument: TransactionArgument<"claims:Bill"> = {
      ...{ claimId, programmeId: "evening", vnId, deviceId: "feid-1", evidence },
      ...span,
    };
    return { caller: NODES[vnId], name: "claims:Bill", argument } as const;
  }

  const bill = async (vnId: NodeId, span: readonly [number, number]) => {
    const { caller, name, argument } = billOf(vnId, span);
    return market.submit(caller, name, argument);
  };

  it("covers what the old node is owed after the move, too, and the new one from there on: every Wh once", async () => {
    const claims = [
      await bill("district", [1, 2]),
      await bill("offices", [3, 5]),
      // Billed last, and by a register that its new node took.
      await bill("district", [2, 3]),
    ];
    expect(claims.map(({ creditorId, amountMicro }) => [creditorId, amountMicro])).toEqual([
      ["vn:district", 300n * HOURLY_WH],
      ["vn:offices", 2n * 300n * HOURLY_WH],
      ["vn:district", 300n * HOURLY_WH],
    ]);
    expect(claims.map(({ debtorId }) => debtorId)).toEqual(Array(3).fill("feid:feid-1"));
    await market.mint("feid:feid-1", 1_000_000n);
    for (const { claimId } of claims) await market.submit(feid.identity, "claims:Pay", { claimId });
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n + 2n * 300n * HOURLY_WH);
    expect(await market.balanceMicro("vn:offices")).toBe(1_000_000_000n + 2n * 300n * HOURLY_WH);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("is of each node for its own stay alone, and neither's for a span across the move", async () => {
    for (const vnId of ["district", "offices"] as const) {
      await assertRefused(market, billOf(vnId, [2, 4]), "CLAIM_FOREIGN_SPAN");
    }
    await assertRefused(market, billOf("district", [3, 4]), "CLAIM_FOREIGN_SPAN");
    await assertRefused(market, billOf("offices", [1, 2]), "CLAIM_FOREIGN_SPAN");
  });

  it("is the node's own act, for a device that it had", async () => {
    const { name, argument } = billOf("district", [1, 2]);
    await assertRefused(market, { caller: NODES.offices, name, argument }, "ACCESS_NOT_OWNER");
    const stranger = { ...argument, deviceId: "feid-9" };
    await assertRefused(market, { caller: NODES.district, name, argument: stranger }, "REGISTRY_DEVICE_UNKNOWN");
  });

  it("is made once for each stay, in whatever order the nodes bill", async () => {
    await bill("offices", [3, 5]);
    await bill("district", [1, 3]);
    const again = billOf("district", [2, 3], "again");
    await assertRefused(market, again, "CLAIM_ALREADY_BILLED");
    await assertRefused(market, billOf("offices", [4, 5]), "CLAIM_ALREADY_BILLED");
  });

  it("needs each register in a batch of the node that is said to have taken it", async () => {
    const { caller, name, argument } = billOf("offices", [3, 5]);
    const moved = argument.evidence.map(({ evidence }) => ({ vnId: "district", evidence }));
    await assertRefused(market, { caller, name, argument: { ...argument, evidence: moved } }, "EVIDENCE_NOT_ANCHORED");
    const [own] = argument.evidence;
    const boundaries = own?.evidence.boundaries.map((end, index) => (index === 1 ? null : end)) ?? [];
    const half = { vnId: "offices", evidence: { envelopes: own?.evidence.envelopes.slice(0, 1) ?? [], boundaries } };
    await assertRefused(market, { caller, name, argument: { ...argument, evidence: [half] } }, "EVIDENCE_MISSING");
  });

  it("tells a second stay from the first, and is refused for what lies between", async () => {
    await moveAt(at(5), "offices", "district", 2);
    await take("district", [6, 7]);
    await assertRefused(market, billOf("district", [2, 6]), "CLAIM_FOREIGN_SPAN");
    await assertRefused(market, billOf("offices", [5, 6]), "CLAIM_FOREIGN_SPAN");
    expect(await bill("district", [5, 7])).toMatchObject({ amountMicro: 2n * 300n * HOURLY_WH });
    // The first stay has its own end of what was billed.
    expect(await bill("district", [1, 3])).toMatchObject({ amountMicro: 2n * 300n * HOURLY_WH });
    await assertRefused(market, billOf("district", [6, 7], "again"), "CLAIM_ALREADY_BILLED");
  });

  it("is made for as many stays as are kept, and for none before", async () => {
    const nodes = ["district", "offices"] as const;
    for (let move = 1; move <= STAYS_MAX; move += 1) {
      const [from, to] = move % 2 === 1 ? [nodes[1], nodes[0]] : nodes;
      await moveAt(at(5 + move), from, to, 2 * move);
    }
    const { ended } = JSON.parse(market.ledger.entries("stays/feid-1")[0]?.[1] ?? "{}") as { ended: unknown[] };
    expect(ended).toHaveLength(STAYS_MAX);
    await assertRefused(market, billOf("district", [1, 2]), "CLAIM_FOREIGN_SPAN");
    expect(await bill("offices", [3, 5])).toMatchObject({ creditorId: "vn:offices" });
  });

  it("stays the node's own while the device is with neither, and goes on when it comes back", async () => {
    const other = await market.addDevice(NODES.district, "district", "feid-2");
    const showing = await market.anchor(
      [1, 2].map((hours) =>
        other.sign([{ measuredAtUnixMs: BigInt(at(hours)), importWh: BigInt(hours), exportWh: 0n }]),
      ),
    );
    const evidence = market.evidence(
      showing,
      showing.map((_, envelope) => ({ envelope, reading: 0 })),
    );
    await releaseDevice(market, other, { from: "district", to: "offices", revision: 0 });
    const { caller, name, argument } = billOf("district", [1, 2]);
    const ofOther = { ...argument, deviceId: "feid-2", evidence: [{ vnId: "district", evidence }] };
    expect(await market.submit(caller, name, ofOther)).toMatchObject({ amountMicro: 300n });
    await enrolDevice(market, other, "district");
    expect(market.ledger.entries("stays/feid-2")).toEqual([]);
  });
});
