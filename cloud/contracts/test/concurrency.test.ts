import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import type { TransactionArgument, TransactionName } from "../src/index.ts";
import type { Identity } from "./certificate.ts";
import { acceptedSc1, acceptedSc2, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  type Market,
  OFFICES,
  openMarket,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";

/** Two transactions in one block: both endorsed on the same state, then committed one after the other. */
describe("transactions in one block", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(3));
    await acceptedSc1(market, feids);
  });

  async function endorse<N extends TransactionName>(caller: Identity, name: N, argument: TransactionArgument<N>) {
    const call = { name, args: [canonicalJson(argument)], atUnixMs: market.nowUnixMs };
    const endorsement = await market.ledger.endorse(caller, call);
    expect(endorsement.message).toBe("");
    return endorsement;
  }

  it("do not conflict when every device accepts its own contract", async () => {
    const contracts = feids.map(({ deviceId }) => sc2Terms(deviceId));
    await market.offerAll(contracts);
    const acceptances = [];
    for (const { deviceId, identity } of feids) {
      acceptances.push(await endorse(identity, "sc2:AcceptReduction", consent(sc2Terms(deviceId))));
    }
    expect(acceptances.map((each) => market.ledger.commit(each))).toEqual([true, true, true]);
  });

  it("do not conflict when a node anchors, and settles contracts one by one", async () => {
    const contracts = await acceptedSc2(market, feids);
    const settlements = [];
    for (const [index, terms] of contracts.entries()) {
      const evidence = await delivered(market, feids[index] as Feid, { terms, actualWh: [2_000n, 2_000n] });
      settlements.push(await endorse(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence }));
    }
    await market.anchor([feids[0]?.sign([]) as ReturnType<Feid["sign"]>]);
    expect(settlements.map((each) => market.ledger.commit(each))).toEqual([true, true, true]);
  });

  it("do not conflict when the aggregator pays a node that sets up its next event", async () => {
    await settleSc1(market);
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2" }));
    const accept = { ...acceptance(["feid-1"]), contractId: "sc1-2" };
    const payment = await endorse(AGGREGATOR, "sc1:DRCompletion", { contractId: "sc1-1", chunkNo: null });
    const next = await endorse(DISTRICT, "sc1:AcceptReduction", accept);
    expect([payment, next].map((each) => market.ledger.commit(each))).toEqual([true, true]);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("do not conflict when the aggregator pays two nodes", async () => {
    const office = await market.addDevice(OFFICES, "offices", "office-1");
    await market.submit(
      AGGREGATOR,
      "sc1:SetupDR",
      sc1Terms({ contractId: "sc1-2", vnId: "offices", fallbackVnIds: [] }),
    );
    const accept = { ...acceptance([office.deviceId]), contractId: "sc1-2" };
    await market.submit(OFFICES, "sc1:AcceptReduction", accept);
    const payments = [];
    for (const [caller, contractId] of [
      [DISTRICT, "sc1-1"],
      [OFFICES, "sc1-2"],
    ] as const) {
      await market.submit(caller, "sc1:SettleDR", wholeOf(contractId));
      payments.push(await endorse(AGGREGATOR, "sc1:DRCompletion", { contractId, chunkNo: null }));
    }
    expect(payments.map((each) => market.ledger.commit(each))).toEqual([true, true]);
    const { pendingCredits } = await market.submit(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" });
    expect(pendingCredits).toHaveLength(2);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("pay once when a completion is endorsed twice", async () => {
    await settleSc1(market);
    const payments = [
      await endorse(AGGREGATOR, "sc1:DRCompletion", { contractId: "sc1-1", chunkNo: null }),
      await endorse(AGGREGATOR, "sc1:DRCompletion", { contractId: "sc1-1", chunkNo: null }),
    ];
    expect(payments.map((each) => market.ledger.commit(each))).toEqual([true, false]);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("sell an interval of a device once when two acceptances are endorsed", async () => {
    const [feid] = feids as [Feid];
    const offers = ["left", "right"].map((contractId) => sc2Terms("feid-1", { contractId }));
    await market.offerAll(offers);
    const acceptances = [];
    for (const terms of offers) acceptances.push(await endorse(feid.identity, "sc2:AcceptReduction", consent(terms)));
    expect(acceptances.map((each) => market.ledger.commit(each))).toEqual([true, false]);
  });

  it("read no range when they write", async () => {
    const contracts = [sc2Terms("feid-1")];
    const written = [
      await endorse(DISTRICT, "sc2:SetupDRBatch", { chunkNo: 99, reserveId: null, contracts }),
      await endorse(DISTRICT, "sc1:SettleDR", wholeOf()),
      await endorse(AUDITOR, "accounts:GetAccount", { accountId: "aggregator" }),
    ];
    expect(written.map(({ ranges, writes }) => [ranges, writes.size > 0])).toEqual([
      [0, true],
      [0, true],
      [2, false],
    ]);
  });

  it("give the same bytes on every peer", async () => {
    const peers = await Promise.all(
      [1, 2].map(async () => {
        const peer = await openMarket(3);
        await acceptedSc1(peer.market, peer.feids);
        await acceptedSc2(peer.market, peer.feids);
        return peer.market.ledger;
      }),
    );
    expect(peers[0]?.snapshot()).toBe(peers[1]?.snapshot());
    expect(peers[0]?.events).toEqual(peers[1]?.events);
  });
});
