import { beforeEach, describe, expect, it } from "vitest";
import type { Evidence, Sc2Terms } from "../src/index.ts";
import { acceptedSc2, completeSc1, fullEvidence, meter, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  type Anchored,
  AUDITOR,
  acceptance,
  DISTRICT,
  EVENT_START_UNIX_MS,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  programme,
  sc1Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const HOUR_MS = 3_600_000;
const END = EVENT_START_UNIX_MS + 2 * MTU_MS;
const SC1 = { contractId: "sc1-1" };
const SC2 = { contractId: "sc2-1-feid-1" };
const DISTRICT_ACCOUNT = "vn:district";

/** The node shows nothing of its only device and is paid nothing for it; a ruling gives the device its money. */
describe("a dispute about an SC1", () => {
  let market: Market;
  let feid: Feid;
  let terms: Sc2Terms;
  let anchored: Anchored[];

  async function openEvent(holdBackPerMille: bigint): Promise<void> {
    const opened = await openMarket(1);
    market = opened.market;
    feid = opened.feids[0] as Feid;
    const windows = { disputeWindowMs: HOUR_MS, evidenceWindowMs: HOUR_MS, rulingWindowMs: HOUR_MS };
    const policy = { ...programme().policy, holdBackPerMille, ...windows };
    await market.submit(AGGREGATOR, "programmes:Publish", programme({ policy }));
    const enrolment = { programmeId: "evening", vnId: "district", orderedWhPerIntervalMax: null };
    await market.submit(DISTRICT, "programmes:Enrol", enrolment);
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ programmeId: "evening" }));
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
    [terms] = (await acceptedSc2(market, opened.feids)) as [Sc2Terms];
    anchored = await market.anchor(meter(feid, terms, [2_000n, 2_000n]));
  }

  async function settleShowingNothing(): Promise<void> {
    const nothing: Evidence = { envelopes: [], boundaries: [null, null, null] };
    await market.pass(END);
    await market.submit(DISTRICT, "sc2:SettleDR", { ...SC2, evidence: nothing });
    await settleSc1(market);
  }

  /** The device shows its readings, and the auditor upholds it. */
  async function winOfDevice(): Promise<void> {
    await market.submit(feid.identity, "disputes:Open", { ...SC2, reason: "readings were withheld" });
    const evidence = fullEvidence(market, anchored);
    await market.submit(feid.identity, "disputes:SubmitEvidence", { ...SC2, evidence });
    await market.pass(END + 2 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:Rule", { ...SC2, isUpheld: true });
  }

  const open = (caller = DISTRICT) =>
    ({ caller, name: "disputes:OpenSc1", argument: { ...SC1, reason: "a ruling moved an SC2" } }) as const;
  const sumAnew = (caller = DISTRICT) =>
    ({ caller, name: "disputes:SumAnew", argument: { ...SC1, chunkNo: 0 } }) as const;
  const rule = (isUpheld: boolean) =>
    ({ caller: AUDITOR, name: "disputes:RuleSc1", argument: { ...SC1, isUpheld } }) as const;
  const close = () => ({ caller: AGGREGATOR, name: "disputes:CloseSc1", argument: SC1 }) as const;
  const release = () => ({ caller: AGGREGATOR, name: "disputes:ReleaseSc1", argument: SC1 }) as const;
  const balances = async () => [
    await market.balanceMicro("aggregator"),
    await market.balanceMicro(DISTRICT_ACCOUNT),
    await market.balanceMicro("feid:feid-1"),
  ];

  describe("after the payment, with everything held back", () => {
    beforeEach(async () => {
      await openEvent(1_000n);
      await settleShowingNothing();
      await completeSc1(market);
      await winOfDevice();
    });

    it("upheld gives the node what its devices turned out to have delivered", async () => {
      expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
      await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
      const anew = await market.submit(DISTRICT, "disputes:SumAnew", sumAnew().argument);
      expect(anew.sums.map(({ originalWh }) => originalWh)).toEqual([1_000n, 1_000n]);
      await market.pass(END + 5 * HOUR_MS);
      expect(await market.submit(AUDITOR, "disputes:RuleSc1", rule(true).argument)).toMatchObject({
        state: "closed",
        outcome: "upheld",
      });
      // Of 4,000 Wh ordered at 300 half came: 600,000; the other half costs 400,000 of the deposit.
      expect(await balances()).toEqual([999_800_000n, 999_800_000n, 1_400_000n]);
      expect(market.totalMicro()).toBe(await market.mintedMicro());
      const { contract } = await market.submit(AUDITOR, "sc1:GetContract", SC1);
      expect(contract).toMatchObject({ state: "completed", heldMicro: 0n });
      expect(contract.settlement).toMatchObject({ originalWh: 2_000n, deficientWh: 2_000n });
      await assertRefused(market, release(), "SC1_WRONG_STATE");
    });

    it.each([
      { why: "is rejected: the settlement stands", isUpheld: false },
      { why: "is upheld when nobody added anything up: it stands as well", isUpheld: true },
    ])("$why", async ({ isUpheld }) => {
      await market.submit(AGGREGATOR, "disputes:OpenSc1", open().argument);
      await market.pass(END + 5 * HOUR_MS);
      await market.submit(AUDITOR, "disputes:RuleSc1", rule(isUpheld).argument);
      expect(await balances()).toEqual([1_000_500_000n, 999_100_000n, 1_400_000n]);
      expect(market.totalMicro()).toBe(await market.mintedMicro());
    });

    it("ends without a ruling: what was added up anew decides", async () => {
      await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
      await market.submit(AGGREGATOR, "disputes:SumAnew", sumAnew().argument);
      await assertRefused(market, close(), "DISPUTE_EARLY");
      for (const hours of [5, 6]) await market.pass(END + hours * HOUR_MS);
      await assertRefused(market, rule(true), "DISPUTE_LATE");
      expect(await market.submit(AGGREGATOR, "disputes:CloseSc1", SC1)).toMatchObject({ outcome: "lapsed" });
      expect(await balances()).toEqual([999_800_000n, 999_800_000n, 1_400_000n]);
      await assertRefused(market, close(), "DISPUTE_CLOSED");
    });

    it("is opened once, by a side of the contract, in time, and evidenced in time", async () => {
      await assertRefused(market, rule(true), "DISPUTE_UNKNOWN");
      await assertRefused(market, open(OFFICES), "ACCESS_NOT_OWNER");
      await assertRefused(market, open(feid.identity), "ACCESS_DENIED");
      await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
      await assertRefused(market, open(AGGREGATOR), "DISPUTE_EXISTS");
      await assertRefused(market, rule(true), "DISPUTE_EARLY");
      await assertRefused(market, { ...sumAnew(), argument: { ...SC1, chunkNo: 7 } }, "SC1_CHUNK_UNKNOWN");
      await market.pass(END + 5 * HOUR_MS);
      await assertRefused(market, sumAnew(), "DISPUTE_LATE");
    });

    it("is not opened when its window is over; the held money goes where the settlement says", async () => {
      await assertRefused(market, release(), "DISPUTE_EARLY");
      await market.pass(END + 4 * HOUR_MS);
      market.nowUnixMs = END;
      await assertRefused(market, open(), "DISPUTE_LATE");
      await market.submit(AGGREGATOR, "disputes:ReleaseSc1", SC1);
      expect(await balances()).toEqual([1_000_500_000n, 999_100_000n, 1_400_000n]);
      await assertRefused(market, release(), "SC1_WRONG_STATE");
    });

    it("keeps the held money while it is open", async () => {
      await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
      await market.pass(END + 4 * HOUR_MS);
      await assertRefused(market, release(), "DISPUTE_OPEN");
    });
  });

  it("before the payment simply changes what will be paid", async () => {
    await openEvent(500n);
    await settleShowingNothing();
    await winOfDevice();
    await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
    await market.submit(DISTRICT, "disputes:SumAnew", sumAnew().argument);
    await market.pass(END + 5 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:RuleSc1", rule(true).argument);
    await completeSc1(market);
    await market.pass(END + 4 * HOUR_MS);
    await market.submit(AGGREGATOR, "disputes:ReleaseSc1", SC1);
    expect((await balances())[0]).toBe(999_800_000n);
    expect(market.totalMicro()).toBe(await market.mintedMicro());
  });

  it("with nothing held back leaves a claim on the aggregator for what it saved", async () => {
    await openEvent(0n);
    await settleShowingNothing();
    await completeSc1(market);
    await winOfDevice();
    await market.submit(DISTRICT, "disputes:OpenSc1", open().argument);
    await market.submit(DISTRICT, "disputes:SumAnew", sumAnew().argument);
    await market.pass(END + 5 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:RuleSc1", rule(true).argument);
    const claims = market.ledger.entries("claim/").map(([, text]) => JSON.parse(text));
    const ofSc1 = claims.find(({ claimId }) => claimId.startsWith("ruling-sc1:"));
    expect(ofSc1).toMatchObject({ debtorId: "aggregator", creditorId: DISTRICT_ACCOUNT, amountMicro: "700000" });
    await market.submit(AGGREGATOR, "claims:Pay", { claimId: ofSc1.claimId });
    expect((await balances())[0]).toBe(999_800_000n);
  });

  it("is none about an SC1 that is not settled", async () => {
    await openEvent(1_000n);
    await assertRefused(market, open(), "SC1_WRONG_STATE");
    await assertRefused(market, { ...open(), argument: { contractId: "sc1-9", reason: "x" } }, "SC1_UNKNOWN");
  });
});
