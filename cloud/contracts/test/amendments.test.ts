import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import { SC2_BATCH_MAX, type Sc2Terms, type TransactionArgument } from "../src/index.ts";
import { acceptedSc1, acceptedSc2, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  BEFORE_EVENT_UNIX_MS,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  intervalsFrom,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  sc1Terms,
  sc2Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

type Argument = TransactionArgument<"sc2:Amend">;
type Change = Argument["changes"][number];

const SECOND_UNIX_MS = EVENT_START_UNIX_MS + MTU_MS;

/** Three devices are enrolled; the first two have 1,000 Wh ordered in each of two intervals, deposit 150,000. */
describe("an amendment", () => {
  let market: Market;
  let feids: [Feid, Feid, Feid];

  beforeEach(async () => {
    const opened = await openMarket(3);
    market = opened.market;
    feids = opened.feids as [Feid, Feid, Feid];
    await acceptedSc1(market, feids);
    await acceptedSc2(market, feids.slice(0, 2));
    market.nowUnixMs = EVENT_START_UNIX_MS + 60_000;
  });

  const signed = (
    feid: Feid,
    changes: Partial<Change> = {},
    signer = feid,
    terms = sc2Terms(feid.deviceId),
  ): Change => {
    const order = { amendmentNo: 1, orderedWh: [1_000n, 0n], penaltyCapMicro: 75_000n, ...changes };
    return { contractId: terms.contractId, signatureHex: signer.amends(terms, order), ...order };
  };
  const cut = () => signed(feids[0]);
  const raise = () => signed(feids[1], { orderedWh: [1_000n, 2_000n], penaltyCapMicro: 225_000n });
  const amend = (changes: Change[], sumChangeWh = [0n, 0n], rest: Partial<Argument> = {}) => {
    const argument: Argument = { sc1Id: "sc1-1", changes, joinedIds: [], sumChangeWh, ...rest };
    return { caller: DISTRICT, name: "sc2:Amend", argument } as const;
  };
  const submit = (call: ReturnType<typeof amend>) => market.submit(call.caller, call.name, call.argument);
  const contractOf = (feid: Feid) =>
    market.submit(AUDITOR, "sc2:GetContract", { contractId: sc2Terms(feid.deviceId).contractId });

  describe("that is made", () => {
    it("moves energy, escrow and deposit from one device to the other", async () => {
      const nodeMicro = await market.balanceMicro("vn:district");
      const { contracts } = await submit(amend([cut(), raise()]));
      expect(contracts.map(({ amendmentNo }) => amendmentNo)).toEqual([1, 1]);
      expect(await contractOf(feids[0])).toMatchObject({ heldMicro: 200_000n + 75_000n, state: "accepted" });
      expect(await contractOf(feids[1])).toMatchObject({ heldMicro: 600_000n + 225_000n, state: "accepted" });
      expect(await market.balanceMicro("vn:district")).toBe(nodeMicro);
      expect(await market.balanceMicro("feid:feid-1")).toBe(1_000_000n - 75_000n);
      expect(await market.balanceMicro("feid:feid-2")).toBe(1_000_000n - 225_000n);
      expect(market.totalMicro()).toBe(await market.mintedMicro());
    });

    it("frees from penalty and pay what it takes off, and pays what it adds as re-arranged", async () => {
      await submit(amend([cut(), raise()]));
      await market.pass(SECOND_UNIX_MS + MTU_MS);
      const actualWh = { "feid-1": [2_400n, 3_100n], "feid-2": [2_000n, 1_200n] };
      const settlements = [];
      for (const feid of feids.slice(0, 2)) {
        const terms = sc2Terms(feid.deviceId);
        const evidence = await delivered(market, feid, { terms, actualWh: actualWh[feid.deviceId as "feid-1"] });
        settlements.push({ contractId: terms.contractId, evidence });
      }
      await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements });
      const [first, second] = [(await contractOf(feids[0])).settlement, (await contractOf(feids[1])).settlement];
      expect(first).toMatchObject({ orderedWh: 1_000n, deliveredWh: 600n, paidMicro: 120_000n, penaltyMicro: 40_000n });
      expect(second).toMatchObject({ orderedWh: 3_000n, deliveredWh: 2_800n, paidMicro: 560_000n });
      const { settlement } = (await settleSc1(market)).contract;
      expect(settlement).toMatchObject({ originalWh: 2_600n, rearrangedWh: 800n, deficientWh: 600n });
      await completeSc1(market);
      expect(await market.balanceMicro("feid:feid-1")).toBe(1_000_000n + 80_000n);
      expect(await market.balanceMicro("feid:feid-2")).toBe(1_000_000n + 560_000n - 20_000n);
      expect(market.totalMicro()).toBe(await market.mintedMicro());
      await assertRefused(market, { ...amend([signed(feids[0], { amendmentNo: 2 })]) }, "SC1_WRONG_STATE");
    });

    it("may give energy up, order more for who says nothing, and build on the one before", async () => {
      await submit(amend([cut()], [0n, -1_000n]));
      await submit(amend([raise()], [0n, 1_000n]));
      const again = { amendmentNo: 2, orderedWh: [1_000n, 400n], penaltyCapMicro: 105_000n };
      await submit(amend([signed(feids[0], again)], [0n, 400n]));
      expect((await contractOf(feids[0])).amendment).toEqual(again);
      expect(market.totalMicro()).toBe(await market.mintedMicro());
    });

    it("names a replacement that joined, once", async () => {
      const terms = sc2Terms("feid-3", {
        kind: "replacement",
        intervals: intervalsFrom(SECOND_UNIX_MS, 1),
        orderedWh: [700n],
        baselineWh: [3_000n],
      });
      await market.offer(terms);
      const joinedIds = [terms.contractId];
      await assertRefused(market, amend([cut()], [0n, -300n], { joinedIds }), "SC2_WRONG_STATE");
      await market.submit(feids[2].identity, "sc2:AcceptReduction", consent(terms));
      await assertRefused(market, amend([cut()], [0n, 0n], { joinedIds }), "SC2_AMENDMENT_UNBALANCED");
      const twice = { joinedIds: [terms.contractId, terms.contractId] };
      await assertRefused(market, amend([cut()], [0n, 400n], twice), "TERMS_INVALID");
      await submit(amend([cut()], [0n, -300n], { joinedIds }));
      await assertRefused(market, amend([raise()], [0n, 1_700n], { joinedIds }), "TERMS_INVALID");
      const original = { joinedIds: [sc2Terms("feid-1").contractId] };
      await assertRefused(market, amend([raise()], [1_000n, 1_000n], original), "TERMS_INVALID");
    });

    it("sells intervals that the device had nothing ordered in, once", async () => {
      const idle = sc2Terms("feid-3", { orderedWh: [0n, 0n] });
      market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
      await market.offer(idle);
      await market.submit(feids[2].identity, "sc2:AcceptReduction", consent(idle));
      const order = (amendmentNo: number, wh: bigint) =>
        signed(feids[2], { amendmentNo, orderedWh: [0n, wh] }, feids[2], idle);
      await submit(amend([order(1, 500n)], [0n, 500n]));
      expect(market.ledger.entries("sold/feid-3/").map(([key]) => key)).toEqual([`sold/feid-3/${SECOND_UNIX_MS}`]);
      await submit(amend([order(2, 600n)], [0n, 100n]));
      await submit(amend([order(3, 0n)], [0n, -600n]));
      await assertRefused(market, amend([order(4, 300n)], [0n, 300n]), "SC2_INTERVAL_SOLD");
    });
  });

  describe("is refused", () => {
    it("for a contract under another SC1, or none, or an SC1 of another node", async () => {
      await market.submit(
        AGGREGATOR,
        "sc1:SetupDR",
        sc1Terms({ contractId: "sc1-2", vnId: "offices", fallbackVnIds: [] }),
      );
      await assertRefused(market, { ...amend([cut()], [0n, -1_000n]), caller: OFFICES }, "ACCESS_NOT_OWNER");
      await assertRefused(market, amend([cut()], [0n, -1_000n], { sc1Id: "sc1-9" }), "SC1_UNKNOWN");
      const unknown = { ...cut(), contractId: "sc2-9" };
      await assertRefused(market, amend([unknown], [0n, -1_000n]), "SC2_UNKNOWN");
      const [, document = ""] = market.ledger.entries("sc2/sc2-1-feid-1")[0] ?? [];
      const { terms, ...rest } = JSON.parse(document) as { terms: object };
      market.ledger.seed("sc2/sc2-1-feid-1", { ...rest, terms: { ...terms, sc1Id: "sc1-2" } });
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "SC2_FOREIGN");
    });

    it("for an interval that has begun, by the client's word or by two others'", async () => {
      const early = signed(feids[0], { orderedWh: [0n, 1_000n] });
      await assertRefused(market, amend([early], [-1_000n, 0n]), "SC2_AMENDMENT_LATE");
      market.nowUnixMs = SECOND_UNIX_MS;
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "SC2_AMENDMENT_LATE");
      await market.pass(SECOND_UNIX_MS);
      market.nowUnixMs = EVENT_START_UNIX_MS;
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "SC2_AMENDMENT_LATE");
    });

    it("when only a later instant was attested: what passed last has all before it behind it", async () => {
      await market.pass(SECOND_UNIX_MS + MTU_MS);
      market.nowUnixMs = EVENT_START_UNIX_MS;
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "SC2_AMENDMENT_LATE");
    });

    it("in a block after one in which its interval was attested to have begun", async () => {
      const { name, argument } = amend([cut()], [0n, -1_000n]);
      const endorsed = await market.ledger.endorse(DISTRICT, {
        name,
        args: [canonicalJson(argument)],
        atUnixMs: market.nowUnixMs,
      });
      expect(endorsed.status).toBe(200);
      await market.pass(SECOND_UNIX_MS);
      expect(market.ledger.commit(endorsed)).toBe(false);
    });

    it("for more than the SC1 asks for, or more money than there is", async () => {
      const greedy = signed(feids[1], { orderedWh: [1_000n, 2_001n] });
      await assertRefused(market, amend([greedy], [0n, 1_001n]), "SC2_ORDER_EXCEEDED");
      const costly = signed(feids[1], { orderedWh: [1_000n, 2_000n], penaltyCapMicro: 2_000_000n });
      await assertRefused(market, amend([costly], [0n, 1_000n]), "ACCOUNT_INSUFFICIENT");
    });

    it.each(["another device's", "of another amendment", "of a consent"])("with a signature %s", async (what) => {
      const forged: Record<string, () => Change> = {
        "another device's": () => signed(feids[0], {}, feids[1]),
        "of another amendment": () => ({ ...cut(), orderedWh: [1_000n, 1n] }),
        "of a consent": () => ({ ...cut(), signatureHex: feids[0].consentTo(sc2Terms("feid-1")) }),
      };
      const change = forged[what]?.() as Change;
      const changeWh = (change.orderedWh[1] ?? 0n) - 1_000n;
      await assertRefused(market, amend([change, raise()], [0n, changeWh + 1_000n]), "SC2_AMENDMENT_UNPROVEN");
    });

    it("replayed, or with a number out of turn", async () => {
      await assertRefused(market, amend([signed(feids[0], { amendmentNo: 2 })]), "SC2_AMENDMENT_OUT_OF_SEQUENCE");
      await assertRefused(market, amend([cut(), cut()], [0n, -1_000n]), "SC2_AMENDMENT_OUT_OF_SEQUENCE");
      await submit(amend([cut(), raise()]));
      await assertRefused(market, amend([cut(), raise()]), "SC2_AMENDMENT_OUT_OF_SEQUENCE");
    });

    it("when it changes nothing, has another length or does not add up", async () => {
      const same = signed(feids[0], { orderedWh: [1_000n, 1_000n] });
      await assertRefused(market, amend([same]), "TERMS_INVALID");
      await assertRefused(market, amend([signed(feids[0], { orderedWh: [1_000n] })]), "TERMS_INVALID");
      await assertRefused(market, amend([cut()], [-1_000n]), "TERMS_INVALID");
      await assertRefused(market, amend([cut()]), "SC2_AMENDMENT_UNBALANCED");
      await assertRefused(market, amend([]), "ARGUMENT_INVALID");
      const many = Array.from({ length: SC2_BATCH_MAX + 1 }, cut);
      await assertRefused(market, amend(many), "ARGUMENT_INVALID");
    });

    it("for a device that was revoked, and for a raise of one that is suspended", async () => {
      market.ledger.seed("suspension/feid:feid-2", { accountId: "feid:feid-2", claimIds: ["owed"] });
      await assertRefused(market, amend([cut(), raise()]), "PARTY_SUSPENDED");
      await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId: "feid-1", reason: "stolen" });
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "REGISTRY_DEVICE_REVOKED");
    });

    it("for a contract that nobody accepted or that is settled", async () => {
      const terms: Sc2Terms = sc2Terms("feid-3");
      market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
      await market.offer(terms);
      await assertRefused(market, amend([signed(feids[2])], [0n, -1_000n]), "SC2_WRONG_STATE");
      const evidence = await delivered(market, feids[0], { terms: sc2Terms("feid-1"), actualWh: [2_000n, 2_000n] });
      await market.submit(DISTRICT, "sc2:SettleDR", { contractId: "sc2-1-feid-1", evidence });
      await assertRefused(market, amend([cut()], [0n, -1_000n]), "SC2_WRONG_STATE");
    });
  });
});
