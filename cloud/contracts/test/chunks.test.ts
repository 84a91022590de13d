import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import type { Sc2Terms, TransactionArgument, TransactionName } from "../src/index.ts";
import type { Identity } from "./certificate.ts";
import { acceptedSc1, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  type Market,
  openMarket,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const chunkOf = (chunkNo: number) => ({ contractId: "sc1-1", chunkNo, settlements: [] });

describe("chunks of an SC1", () => {
  let market: Market;
  let feids: Feid[];
  let contracts: Sc2Terms[];

  /** Two chunks: devices 1 and 2, and device 3. */
  beforeEach(async () => {
    ({ market, feids } = await openMarket(3));
    await acceptedSc1(market, feids);
    contracts = feids.map(({ deviceId }) => sc2Terms(deviceId));
    await market.offerAll(contracts.slice(0, 2));
    await market.offerAll(contracts.slice(2));
    for (const [index, feid] of feids.entries()) {
      await market.submit(feid.identity, "sc2:AcceptReduction", consent(contracts[index] as Sc2Terms));
    }
  });

  async function evidenceOf(index: number) {
    const terms = contracts[index] as Sc2Terms;
    const evidence = await delivered(market, feids[index] as Feid, { terms, actualWh: [2_000n, 2_000n] });
    return { contractId: terms.contractId, evidence };
  }

  async function settleAll(): Promise<void> {
    const settlements = [await evidenceOf(0), await evidenceOf(1), await evidenceOf(2)];
    await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements });
    await settleSc1(market);
  }

  async function endorse<N extends TransactionName>(caller: Identity, name: N, argument: TransactionArgument<N>) {
    const call = { name, args: [canonicalJson(argument)], atUnixMs: market.nowUnixMs };
    return market.ledger.endorse(caller, call);
  }

  it("are settled by the aggregator, who hands evidence to the SC1, which forwards it to the SC2", async () => {
    const settlements = [await evidenceOf(0), await evidenceOf(1)];
    await market.submit(AGGREGATOR, "sc1:SettleDR", { contractId: "sc1-1", chunkNo: 0, settlements });
    const { sums, state } = await market.submit(AUDITOR, "sc1:GetChunk", { contractId: "sc1-1", chunkNo: 0 });
    expect(state).toBe("summed");
    expect(sums?.map(({ originalWh, netWh }) => [originalWh, netWh])).toEqual([
      [2_000n, 2_000n],
      [2_000n, 2_000n],
    ]);
    const { settlement } = await market.submit(AUDITOR, "sc2:GetContract", { contractId: "sc2-1-feid-1" });
    expect(settlement?.deliveredWh).toBe(2_000n);
  });

  it("settle the SC1 as one: what all of them delivered", async () => {
    await settleAll();
    const { contract } = await market.submit(AUDITOR, "sc1:GetContract", { contractId: "sc1-1" });
    expect(contract.settlement).toMatchObject({ orderedWh: 4_000n, originalWh: 4_000n, deficientWh: 0n });
  });

  it("take no evidence for a contract of another chunk, and none beside the whole", async () => {
    const settlements = [await evidenceOf(2)];
    const call = { caller: AGGREGATOR, name: "sc1:SettleDR" } as const;
    await assertRefused(market, { ...call, argument: { ...chunkOf(0), settlements } }, "SC1_CHUNK_UNKNOWN");
    await assertRefused(market, { ...call, argument: { ...wholeOf(), settlements } }, "ARGUMENT_INVALID");
  });

  it("are all needed: neither an open nor an unknown chunk is passed over", async () => {
    const settle = (argument: TransactionArgument<"sc1:SettleDR">) =>
      ({ caller: DISTRICT, name: "sc1:SettleDR", argument }) as const;
    await assertRefused(market, settle(chunkOf(0)), "SC1_SC2_UNSETTLED");
    await assertRefused(market, settle(chunkOf(7)), "SC1_CHUNK_UNKNOWN");
    await market.submit(AGGREGATOR, "sc1:SettleDR", {
      ...chunkOf(0),
      settlements: [await evidenceOf(0), await evidenceOf(1)],
    });
    await assertRefused(market, settle(chunkOf(0)), "SC1_CHUNK_WRONG_STATE");
    await assertRefused(market, settle(wholeOf()), "SC1_SC2_UNSETTLED");
  });

  it("are paid once each, and the node only after all of them", async () => {
    await settleAll();
    const pay = (chunkNo: number | null) =>
      ({ caller: AGGREGATOR, name: "sc1:DRCompletion", argument: { contractId: "sc1-1", chunkNo } }) as const;
    await market.submit(AGGREGATOR, "sc1:DRCompletion", pay(1).argument);
    await assertRefused(market, pay(1), "SC1_CHUNK_WRONG_STATE");
    await assertRefused(market, pay(null), "SC1_CHUNK_WRONG_STATE");
    expect(await market.balanceMicro("feid:feid-3")).toBe(1_400_000n);
    expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n);
    await completeSc1(market);
    await assertRefused(market, pay(0), "SC1_WRONG_STATE");
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("are settled and paid in one block without conflict", async () => {
    const evidence = [[await evidenceOf(0), await evidenceOf(1)], [await evidenceOf(2)]];
    const settled = [];
    for (const [chunkNo, settlements] of evidence.entries()) {
      settled.push(await endorse(AGGREGATOR, "sc1:SettleDR", { ...chunkOf(chunkNo), settlements }));
    }
    expect(settled.map((each) => market.ledger.commit(each))).toEqual([true, true]);
    await market.submit(DISTRICT, "sc1:SettleDR", wholeOf());
    const paid = [];
    for (const chunkNo of [0, 1]) {
      paid.push(await endorse(AGGREGATOR, "sc1:DRCompletion", { contractId: "sc1-1", chunkNo }));
    }
    expect(paid.map((each) => market.ledger.commit(each))).toEqual([true, true]);
  });

  it("cannot be added behind the back of a settlement in the same block", async () => {
    const settlements = [await evidenceOf(0), await evidenceOf(1), await evidenceOf(2)];
    await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements });
    for (const chunkNo of [0, 1]) await market.submit(DISTRICT, "sc1:SettleDR", chunkOf(chunkNo));
    const late = {
      chunkNo: 5,
      reserveId: null,
      contracts: [sc2Terms("feid-1", { contractId: "late", kind: "replacement" })],
    };
    const settled = await endorse(DISTRICT, "sc1:SettleDR", wholeOf());
    const added = await endorse(DISTRICT, "sc2:SetupDRBatch", late);
    expect([settled, added].map((each) => market.ledger.commit(each))).toEqual([true, false]);
  });

  it("are numbered by the node, each number once, and belong to one SC1", async () => {
    const offer = (chunkNo: number, sc1Id: string) => {
      const terms = [sc2Terms("feid-1", { contractId: "a" }), sc2Terms("feid-2", { contractId: "b", sc1Id })];
      return {
        caller: DISTRICT,
        name: "sc2:SetupDRBatch",
        argument: { chunkNo, reserveId: null, contracts: terms },
      } as const;
    };
    await assertRefused(market, offer(1, "sc1-1"), "SC1_CHUNK_EXISTS");
    await assertRefused(market, offer(2, "sc1-2"), "TERMS_INVALID");
  });
});

describe("baselines in parts", () => {
  it("are committed before the acceptance, each once, and none after it", async () => {
    const { market } = await openMarket(2);
    const part = (deviceId: string, baselineWh: bigint[]) => {
      const argument = { contractId: "sc1-1", baselines: { [deviceId]: baselineWh } };
      return { caller: DISTRICT, name: "sc1:CommitBaselines", argument } as const;
    };
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
    await market.submit(DISTRICT, "sc1:CommitBaselines", part("feid-1", [3_000n, 3_000n]).argument);
    await assertRefused(market, part("feid-1", [4_000n, 4_000n]), "SC1_BASELINE_COMMITTED");
    await assertRefused(market, part("feid-2", [4_000n]), "TERMS_INVALID");
    const accept = { caller: DISTRICT, name: "sc1:AcceptReduction", argument: acceptance(["feid-1"]) } as const;
    await assertRefused(market, accept, "SC1_BASELINE_COMMITTED");
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance([]));
    await assertRefused(market, part("feid-2", [3_000n, 3_000n]), "SC1_WRONG_STATE");
    expect((await market.offer(sc2Terms("feid-1"))).state).toBe("proposed");
  });
});
