import { beforeEach, describe, expect, it } from "vitest";
import { type Evidence, rulingClaimId, type Sc2Terms } from "../src/index.ts";
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
import { moveDevice } from "./move.ts";
import { assertRefused } from "./refusal.ts";

const HOUR_MS = 3_600_000;
const END = EVENT_START_UNIX_MS + 2 * MTU_MS;
const CONTRACT = { contractId: "sc2-1-feid-1" };

/**
 * The node shows no register in the middle of the event, so that neither interval counts; the device has it.
 */
describe("a dispute", () => {
  let market: Market;
  let feid: Feid;
  let terms: Sc2Terms;
  let anchored: Anchored[];

  /** By default the node shows nothing of what the device delivered in full. */
  async function settled(holdBackPerMille: bigint, actualWh = [2_000n, 2_000n], shown = 0): Promise<void> {
    const opened = await openMarket(1);
    market = opened.market;
    feid = opened.feids[0] as Feid;
    const windows = { disputeWindowMs: HOUR_MS, evidenceWindowMs: HOUR_MS, rulingWindowMs: HOUR_MS };
    const policy = { ...programme().policy, holdBackPerMille, ...windows };
    await market.submit(AGGREGATOR, "programmes:Publish", programme({ policy }));
    await market.submit(DISTRICT, "programmes:Enrol", {
      programmeId: "evening",
      vnId: "district",
      orderedWhPerIntervalMax: null,
    });
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ programmeId: "evening" }));
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
    [terms] = (await acceptedSc2(market, opened.feids)) as [Sc2Terms];
    anchored = await market.anchor(meter(feid, terms, actualWh));
    const boundaries = anchored.map((_, envelope) => (envelope < shown ? { envelope, reading: 0 } : null));
    const withheld = market.evidence(anchored.slice(0, shown), boundaries);
    await market.pass(END);
    await market.submit(DISTRICT, "sc2:SettleDR", { ...CONTRACT, evidence: withheld });
    await settleSc1(market);
  }

  const open = (caller = feid.identity) =>
    ({ caller, name: "disputes:Open", argument: { ...CONTRACT, reason: "readings were withheld" } }) as const;
  const show = (evidence = fullEvidence(market, anchored)) =>
    ({ caller: feid.identity, name: "disputes:SubmitEvidence", argument: { ...CONTRACT, evidence } }) as const;
  const rule = (isUpheld: boolean) =>
    ({ caller: AUDITOR, name: "disputes:Rule", argument: { ...CONTRACT, isUpheld } }) as const;
  const close = () => ({ caller: feid.identity, name: "disputes:Close", argument: CONTRACT }) as const;
  const release = () =>
    ({ caller: DISTRICT, name: "disputes:Release", argument: { contractIds: [CONTRACT.contractId] } }) as const;

  const expectConserved = async () => expect(market.totalMicro()).toBe(await market.mintedMicro());

  describe("with everything held back", () => {
    beforeEach(async () => {
      await settled(1_000n);
      await completeSc1(market);
    });

    it("starts with nothing paid out", async () => {
      expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n);
      const contract = await market.submit(AUDITOR, "sc2:GetContract", CONTRACT);
      expect(contract).toMatchObject({ state: "completed", heldMicro: 550_000n });
      await expectConserved();
    });

    it("is upheld on evidence: the contract is settled anew and pays by it", async () => {
      await market.submit(feid.identity, "disputes:Open", open().argument);
      await market.submit(feid.identity, "disputes:SubmitEvidence", show().argument);
      await market.pass(END + 2 * HOUR_MS);
      const dispute = await market.submit(AUDITOR, "disputes:Rule", rule(true).argument);
      expect(dispute).toMatchObject({ state: "closed", outcome: "upheld" });
      expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
      await assertRefused(market, rule(true), "DISPUTE_CLOSED");
      await assertRefused(market, release(), "SC2_WRONG_STATE");
      await expectConserved();
    });

    it("is rejected: the settlement stands and is paid", async () => {
      await market.submit(feid.identity, "disputes:Open", open().argument);
      await market.pass(END + 2 * HOUR_MS);
      await assertRefused(market, rule(true), "EVIDENCE_MISSING");
      await market.submit(AUDITOR, "disputes:Rule", rule(false).argument);
      expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n);
      await expectConserved();
    });

    it.each([
      { why: "decides by evidence", hasEvidence: true, balanceMicro: 1_400_000n },
      { why: "leaves the settlement without", hasEvidence: false, balanceMicro: 850_000n },
    ])("ends without a ruling, which $why", async ({ hasEvidence, balanceMicro }) => {
      await market.submit(feid.identity, "disputes:Open", open().argument);
      if (hasEvidence) await market.submit(feid.identity, "disputes:SubmitEvidence", show().argument);
      await assertRefused(market, close(), "DISPUTE_EARLY");
      for (const hours of [2, 3]) await market.pass(END + hours * HOUR_MS);
      await assertRefused(market, rule(false), "DISPUTE_LATE");
      expect(await market.submit(feid.identity, "disputes:Close", CONTRACT)).toMatchObject({ outcome: "lapsed" });
      expect(await market.balanceMicro("feid:feid-1")).toBe(balanceMicro);
      await expectConserved();
    });

    it("is opened once, in time, and by a side of the contract", async () => {
      await assertRefused(market, rule(false), "DISPUTE_UNKNOWN");
      await assertRefused(market, { ...open(), caller: AUDITOR }, "ACCESS_DENIED");
      await market.submit(DISTRICT, "disputes:Open", open().argument);
      await assertRefused(market, open(), "DISPUTE_EXISTS");
    });

    it("is not opened when the channel saw the window pass, whatever the client says", async () => {
      await market.pass(END + HOUR_MS);
      market.nowUnixMs = END;
      await assertRefused(market, open(), "DISPUTE_LATE");
    });

    it("takes evidence that shows more, in time, and verifies it", async () => {
      await market.submit(feid.identity, "disputes:Open", open().argument);
      const nothing = { envelopes: [], boundaries: [null, null, null] };
      await assertRefused(market, show(nothing), "DISPUTE_EVIDENCE_WEAKER");
      const forged = { ...fullEvidence(market, anchored) };
      const [first, ...rest] = forged.envelopes as [Evidence["envelopes"][number], ...Evidence["envelopes"]];
      const bad = { ...first, proof: { ...first.proof, leafIndex: 1 } };
      await assertRefused(market, show({ ...forged, envelopes: [bad, ...rest] }), "EVIDENCE_NOT_ANCHORED");
      await market.submit(feid.identity, "disputes:SubmitEvidence", show().argument);
      await assertRefused(market, show(), "DISPUTE_EVIDENCE_WEAKER");
      await market.pass(END + 2 * HOUR_MS);
      await assertRefused(market, show(), "DISPUTE_LATE");
    });

    it("is ruled on only when the time for evidence is over", async () => {
      await market.submit(feid.identity, "disputes:Open", open().argument);
      market.nowUnixMs = END + 2 * HOUR_MS;
      await assertRefused(market, rule(false), "DISPUTE_EARLY");
    });

    it("keeps the held money while it is open; without one it is released after the window, once", async () => {
      await assertRefused(market, release(), "DISPUTE_EARLY");
      await market.submit(feid.identity, "disputes:Open", open().argument);
      await market.pass(END + HOUR_MS);
      await assertRefused(market, release(), "DISPUTE_OPEN");
      await market.pass(END + 2 * HOUR_MS);
      await market.submit(AUDITOR, "disputes:Rule", rule(false).argument);
      await assertRefused(market, release(), "SC2_WRONG_STATE");
    });

    it("that nobody opens lets the held money go where the settlement says", async () => {
      await market.pass(END + HOUR_MS);
      await market.submit(feid.identity, "disputes:Release", release().argument);
      expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n);
      await assertRefused(market, release(), "SC2_WRONG_STATE");
      await expectConserved();
    });
  });

  it("before the payment simply changes what will be paid", async () => {
    await settled(500n);
    await market.submit(feid.identity, "disputes:Open", open().argument);
    await market.submit(feid.identity, "disputes:SubmitEvidence", show().argument);
    await market.pass(END + 2 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:Rule", rule(true).argument);
    await completeSc1(market);
    expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n + 275_000n);
    await market.pass(END + HOUR_MS);
    await market.submit(DISTRICT, "disputes:Release", release().argument);
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
    await expectConserved();
  });

  it("that asks for more than was held back leaves a claim, for which its debtor can be suspended", async () => {
    await settled(200n);
    await completeSc1(market);
    await market.submit(feid.identity, "disputes:Open", open().argument);
    await market.submit(feid.identity, "disputes:SubmitEvidence", show().argument);
    await market.pass(END + 2 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:Rule", rule(true).argument);
    // Due were 550,000; 20 % of the funds were still held.
    expect(await market.balanceMicro("feid:feid-1")).toBe(850_000n + 110_000n);
    const [[key = "", value = ""] = []] = market.ledger.entries("claim/");
    expect(JSON.parse(value)).toMatchObject({ debtorId: "vn:district", amountMicro: "440000", basis: "ruling" });
    const claimId = key.slice("claim/".length);
    await market.pass(END + 4 * HOUR_MS);
    await market.submit(feid.identity, "claims:Suspend", { claimId });
    await market.submit(DISTRICT, "claims:Pay", { claimId });
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_400_000n);
    await expectConserved();
  });

  it("that finds a device paid too much leaves a claim on it, which the node that has it by then pays", async () => {
    // In the second interval it drew 2,000 Wh more than its baseline: the whole deposit is due, and a third came back.
    await settled(0n, [2_000n, 5_000n], 2);
    await completeSc1(market);
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_000_000n + 200_000n - 100_000n);
    await market.submit(DISTRICT, "disputes:Open", open().argument);
    await market.submit(DISTRICT, "disputes:SubmitEvidence", show().argument);
    await market.pass(END + 2 * HOUR_MS);
    await market.submit(AUDITOR, "disputes:Rule", rule(true).argument);
    await moveDevice(market, feid, { from: "district", to: "offices", revision: 0 });
    const claim = { claimId: rulingClaimId("sc2", CONTRACT.contractId) };
    const owed = await market.submit(DISTRICT, "claims:GetClaim", claim);
    expect(owed).toMatchObject({ debtorId: "feid:feid-1", creditorId: "vn:district", amountMicro: 50_000n });
    await assertRefused(market, { caller: DISTRICT, name: "claims:Pay", argument: claim }, "ACCESS_NOT_OWNER");
    const before = await market.balanceMicro("vn:district");
    await market.submit(OFFICES, "claims:Pay", claim);
    expect(await market.balanceMicro("feid:feid-1")).toBe(1_000_000n + 200_000n - 150_000n);
    expect(await market.balanceMicro("vn:district")).toBe(before + 50_000n);
    await expectConserved();
  });

  it("is not about a contract that is still running", async () => {
    await settled(0n);
    const other = { ...CONTRACT, contractId: "sc2-9" };
    await assertRefused(market, { ...close(), argument: other }, "SC2_UNKNOWN");
  });
});
