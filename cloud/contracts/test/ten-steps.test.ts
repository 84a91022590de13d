import { beforeAll, describe, expect, it } from "vitest";
import { acceptedSc1, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AUDITOR,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  intervalsFrom,
  type Market,
  MTU_MS,
  openMarket,
  sc2Terms,
} from "./market.ts";

/**
 * One event: two devices chosen, one of them fails in the second interval and is replaced, one offer is never accepted.
 * Ordered by the aggregator are 2,000 Wh in each of two intervals.
 */
describe("an event from request to payment", () => {
  let market: Market;
  let feids: Feid[];
  let mintedMicro: bigint;
  const feid = (number: number) => feids[number - 1] as Feid;

  beforeAll(async () => {
    ({ market, feids } = await openMarket(4));
    mintedMicro = await market.mintedMicro();
  });

  it("holds escrow and deposit of SC1 once it is accepted", async () => {
    await acceptedSc1(market, feids);
    const { contract } = await market.submit(AUDITOR, "sc1:GetContract", { contractId: "sc1-1" });
    expect(contract).toMatchObject({ state: "accepted", heldMicro: 300n * 4_000n + 500_000n });
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n - 1_200_000n);
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n - 500_000n);
  });

  it("binds devices by their own signature", async () => {
    const contracts = [sc2Terms("feid-1"), sc2Terms("feid-2"), sc2Terms("feid-4")];
    const { contracts: proposed } = await market.offerAll(contracts);
    expect(proposed.map(({ state }) => state)).toEqual(["proposed", "proposed", "proposed"]);
    for (const number of [1, 2]) {
      const accepted = await market.submit(
        feid(number).identity,
        "sc2:AcceptReduction",
        consent(sc2Terms(feid(number).deviceId)),
      );
      expect(accepted).toMatchObject({ state: "accepted", heldMicro: 200n * 2_000n + 150_000n });
    }
  });

  it("takes a replacement in during the event, for what is left of it", async () => {
    market.nowUnixMs = EVENT_START_UNIX_MS + MTU_MS - 60_000;
    const terms = sc2Terms("feid-3", {
      kind: "replacement",
      intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 1),
      orderedWh: [1_000n],
      baselineWh: [3_000n],
    });
    await market.offer(terms);
    const accepted = await market.submit(feid(3).identity, "sc2:AcceptReduction", consent(terms));
    expect(accepted.state).toBe("accepted");
  });

  it("settles each SC2 from signed readings, and lets the offer lapse that nobody accepted", async () => {
    market.nowUnixMs = EVENT_START_UNIX_MS + 2 * MTU_MS + 60_000;
    const replacement = (await market.submit(AUDITOR, "sc2:GetContract", { contractId: "sc2-1-feid-3" })).terms;
    const settlements = [
      [feid(1), sc2Terms("feid-1"), [2_000n, 1_900n]],
      [feid(2), sc2Terms("feid-2"), [2_000n, 3_200n]],
      [feid(3), replacement, [2_100n]],
    ] as const;
    const argument = [];
    for (const [device, terms, actualWh] of settlements) {
      const evidence = await delivered(market, device, { terms, actualWh });
      argument.push({ contractId: terms.contractId, evidence });
    }
    argument.push({ contractId: "sc2-1-feid-4", evidence: null });
    const { contracts } = await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements: argument });
    expect(contracts.map(({ state }) => state)).toEqual(["settled", "settled", "settled", "expired"]);
    const failing = await market.submit(AUDITOR, "sc2:GetContract", { contractId: "sc2-1-feid-2" });
    expect(failing.settlement).toMatchObject({
      outcome: "partial",
      deliveredWh: 1_000n,
      deficiencyWh: 1_200n,
      paidMicro: 200_000n,
      penaltyMicro: 120_000n,
    });
  });

  it("adds the SC2 up to the SC1: original, re-arranged and deficient are what was ordered", async () => {
    const { contract } = await settleSc1(market);
    expect(contract.settlement).toMatchObject({
      orderedWh: 4_000n,
      originalWh: 3_000n,
      rearrangedWh: 900n,
      deficientWh: 100n,
      // Device 2 used 200 Wh more than its baseline, so the node is 300 Wh short of its order in interval 2.
      deficiencyWh: 300n,
      outcome: "partial",
    });
  });

  it("pays every device, then the virtual node, and leaves nothing in the contracts", async () => {
    const { contract } = await completeSc1(market);
    expect(contract).toMatchObject({ state: "completed", heldMicro: 0n });
    const payments = { "feid-1": 400_000n, "feid-2": 80_000n, "feid-3": 180_000n - 10_000n, "feid-4": 0n };
    for (const [deviceId, earnedMicro] of Object.entries(payments)) {
      expect(await market.balanceMicro(`feid:${deviceId}`)).toBe(1_000_000n + earnedMicro);
    }
    const fromAggregatorMicro = 300n * 3_900n - 200n * 300n;
    expect(await market.balanceMicro("aggregator")).toBe(1_000_000_000n - fromAggregatorMicro);
    expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n + fromAggregatorMicro - 650_000n);
  });

  it("keeps the supply of money through all of it", async () => {
    expect(market.totalMicro()).toBe(mintedMicro);
    expect(await market.mintedMicro()).toBe(mintedMicro);
  });

  it("says what happened in chaincode events", () => {
    const names = market.ledger.events.map(({ name }) => name);
    expect(names.slice(names.indexOf("sc1.Proposed"))).toEqual([
      "sc1.Proposed",
      "sc1.Accepted",
      "sc2.Proposed",
      "sc2.Accepted",
      "sc2.Accepted",
      "sc2.Proposed",
      "sc2.Accepted",
      "anchors.AnchorCommitted",
      "anchors.AnchorCommitted",
      "anchors.AnchorCommitted",
      "sc2.Settled",
      "sc1.ChunkSummed",
      "sc1.ChunkSummed",
      "sc1.Settled",
      "sc1.ChunkCompleted",
      "sc1.ChunkCompleted",
      "sc1.Completed",
    ]);
  });
});
