import { createPublicKey } from "node:crypto";
import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import { baselineCommitment, type Sc2Terms, termsHash } from "../src/index.ts";
import { issueIdentity, privateKeyOf } from "./certificate.ts";
import { acceptedSc1, acceptedSc2, delivered, fullEvidence, meter } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  HASH,
  intervalsFrom,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  sc1Terms,
  sc2Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

describe("an SC2", () => {
  let market: Market;
  let feids: Feid[];
  let feid: Feid;

  beforeEach(async () => {
    ({ market, feids } = await openMarket(2));
    feid = feids[0] as Feid;
    await acceptedSc1(market, feids);
  });

  const setUp = (changes: Partial<Sc2Terms>) =>
    ({ caller: DISTRICT, name: "sc2:SetupDR", argument: { chunkNo: 99, terms: sc2Terms("feid-1", changes) } }) as const;
  const accept = (terms: Sc2Terms, changes: Partial<ReturnType<typeof consent>> = {}) =>
    ({ caller: feid.identity, name: "sc2:AcceptReduction", argument: { ...consent(terms), ...changes } }) as const;

  describe("is not set up", () => {
    it.each([
      {
        why: "with a baseline from hindsight",
        changes: { baselineWh: [3_000n, 3_001n] },
        code: "SC2_BASELINE_HINDSIGHT",
      },
      { why: "without a committed baseline", changes: { deviceId: "feid-9" }, code: "REGISTRY_DEVICE_UNKNOWN" },
      { why: "with intervals of another event", changes: { intervals: foreign() }, code: "SC2_INTERVALS_MISMATCH" },
      { why: "with intervals beyond the SC1", changes: beyond(), code: "SC2_INTERVALS_MISMATCH" },
      { why: "with intervals on another grid", changes: coarse(), code: "SC2_INTERVALS_MISMATCH" },
      { why: "with values for fewer intervals", changes: { baselineWh: [3_000n] }, code: "TERMS_INVALID" },
      { why: "under an unknown SC1", changes: { sc1Id: "sc1-9" }, code: "SC1_UNKNOWN" },
      { why: "for more than the node has", changes: { priceMicroPerWh: 10n ** 9n }, code: "ACCOUNT_INSUFFICIENT" },
    ] as const)("$why", async ({ changes, code }) => {
      await assertRefused(market, setUp(changes), code);
    });

    it("for a device that is not among the committed", async () => {
      await market.addDevice(DISTRICT, "district", "feid-3");
      await assertRefused(market, setUp({ deviceId: "feid-3" }), "SC1_BASELINE_UNKNOWN");
    });

    it("for a device of another virtual node", async () => {
      await market.addDevice(OFFICES, "offices", "office-1");
      await assertRefused(market, setUp({ deviceId: "office-1" }), "ACCESS_NOT_OWNER");
    });

    it("under an SC1 that is only proposed", async () => {
      await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2" }));
      await assertRefused(market, setUp({ sc1Id: "sc1-2" }), "SC1_WRONG_STATE");
    });

    it("twice under one id, not even in one batch", async () => {
      const contracts = [sc2Terms("feid-1"), sc2Terms("feid-2", { contractId: "sc2-1-feid-1" })];
      const batch = {
        caller: DISTRICT,
        name: "sc2:SetupDRBatch",
        argument: { chunkNo: 99, reserveId: null, contracts },
      } as const;
      await assertRefused(market, batch, "SC2_EXISTS");
      await market.offer(sc2Terms("feid-1"));
      await assertRefused(market, setUp({}), "SC2_EXISTS");
    });
  });

  describe("proposed", () => {
    const terms = sc2Terms("feid-1");

    beforeEach(async () => {
      await market.offer(terms);
    });

    it("is accepted until its first interval starts, and not from then on", async () => {
      market.nowUnixMs = EVENT_START_UNIX_MS;
      await assertRefused(market, accept(terms), "SC2_LATE_ACCEPTANCE");
      market.nowUnixMs = EVENT_START_UNIX_MS - 1;
      expect((await market.submit(feid.identity, "sc2:AcceptReduction", consent(terms))).state).toBe("accepted");
      await assertRefused(market, accept(terms), "SC2_WRONG_STATE");
    });

    it.each([
      { why: "another hash", changes: { termsHashHex: HASH } },
      { why: "another text", changes: { termsText: canonicalJson({ ...terms, penaltyCapMicro: 0n }) } },
      {
        why: "hash and text of other terms",
        changes: {
          termsHashHex: termsHash({ ...terms, penaltyCapMicro: 0n }),
          termsText: canonicalJson({ ...terms, penaltyCapMicro: 0n }),
        },
      },
    ])("is not accepted with $why", async ({ changes }) => {
      await assertRefused(market, accept(terms, changes), "SC2_TERMS_MISMATCH");
    });

    it("is not accepted under another device's certificate", async () => {
      const caller = (feids[1] as Feid).identity;
      await assertRefused(market, { ...accept(terms), caller }, "ACCESS_NOT_OWNER");
    });

    it.each(["ed25519", "ec"] as const)(
      "is not accepted by a certificate that the node's authority made for another %s key",
      async (type) => {
        const key = type === "ed25519" ? createPublicKey(privateKeyOf("the operator")) : createPublicKey(EC_KEY_PEM);
        const attributes = { role: "prosumer", deviceId: "feid-1" };
        const caller = issueIdentity({ mspId: "VnMSP", commonName: "feid-1", attributes, publicKey: key });
        await assertRefused(market, { ...accept(terms), caller }, "SC2_KEY_MISMATCH");
      },
    );

    it("is not accepted by a device that cannot pay the deposit", async () => {
      const dear = sc2Terms("feid-1", { contractId: "dear", penaltyCapMicro: 10n ** 9n });
      await market.offer(dear);
      await assertRefused(market, accept(dear), "ACCOUNT_INSUFFICIENT");
    });

    it("expires at settlement, gives the node its money back, and cannot be accepted any more", async () => {
      const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence: null });
      expect(settled).toMatchObject({ state: "expired", heldMicro: 0n, settlement: null });
      expect(await market.balanceMicro("vn:district")).toBe(1_000_000_000n - 500_000n);
      await assertRefused(market, accept(terms), "SC2_WRONG_STATE");
    });
  });

  it("cannot sell an interval of a device a second time, in this event or another", async () => {
    await acceptedSc2(market, [feid]);
    const again = sc2Terms("feid-1", { contractId: "again", orderedWh: [0n, 1n] });
    await market.offer(again);
    await assertRefused(market, accept(again), "SC2_INTERVAL_SOLD");
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2", eventId: "event-2" }));
    await market.submit(DISTRICT, "sc1:AcceptReduction", { ...acceptance(["feid-1"]), contractId: "sc1-2" });
    const elsewhere = sc2Terms("feid-1", { contractId: "elsewhere", sc1Id: "sc1-2" });
    await market.offer(elsewhere);
    await assertRefused(market, accept(elsewhere), "SC2_INTERVAL_SOLD");
  });

  it("takes the committed baseline of its own intervals, not of others", async () => {
    const baselines = { "feid-1": [3_000n, 4_000n] };
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2" }));
    await market.submit(DISTRICT, "sc1:AcceptReduction", {
      ...acceptance([]),
      contractId: "sc1-2",
      baselines,
      baselineCommitmentHex: baselineCommitment(baselines),
    });
    const second = {
      sc1Id: "sc1-2",
      intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 1),
      orderedWh: [1_000n],
    };
    await assertRefused(market, setUp({ ...second, baselineWh: [3_000n] }), "SC2_BASELINE_HINDSIGHT");
    const terms = sc2Terms("feid-1", { ...second, baselineWh: [4_000n] });
    expect((await market.offer(terms)).state).toBe("proposed");
  });

  it("leaves intervals with nothing ordered free for another contract", async () => {
    const first = sc2Terms("feid-1", { orderedWh: [1_000n, 0n] });
    const second = sc2Terms("feid-1", { contractId: "second", orderedWh: [0n, 1_000n] });
    for (const terms of [first, second]) {
      await market.offer(terms);
      await market.submit(feid.identity, "sc2:AcceptReduction", consent(terms));
    }
    expect(market.ledger.entries("sold/feid-1/")).toHaveLength(2);
  });

  describe("accepted", () => {
    const terms = sc2Terms("feid-1");

    beforeEach(async () => {
      await acceptedSc2(market, [feid]);
    });

    it("is not settled without evidence", async () => {
      const argument = { contractId: terms.contractId, evidence: null };
      await assertRefused(market, { caller: DISTRICT, name: "sc2:SettleDR", argument }, "EVIDENCE_MISSING");
    });

    it("is settled once, not even twice in one batch", async () => {
      const evidence = await delivered(market, feid, { terms, actualWh: [2_000n, 2_000n] });
      const argument = { contractId: terms.contractId, evidence };
      const twice = { settlements: [argument, argument] };
      await assertRefused(market, { caller: DISTRICT, name: "sc2:SettleDRBatch", argument: twice }, "SC2_WRONG_STATE");
      const settled = await market.submit(DISTRICT, "sc2:SettleDR", argument);
      expect(settled).toMatchObject({ state: "settled", heldMicro: 550_000n });
      expect(settled.evidenceHashHex).toMatch(/^[0-9a-f]{64}$/);
      await assertRefused(market, { caller: DISTRICT, name: "sc2:SettleDR", argument }, "SC2_WRONG_STATE");
    });

    it("takes every interval that a missing boundary touches for not delivered", async () => {
      const [start, , end] = await market.anchor(meter(feid, terms, [0n, 0n]));
      if (start === undefined || end === undefined) throw new Error("three boundaries were metered");
      const evidence = market.evidence([start, end], [{ envelope: 0, reading: 0 }, null, { envelope: 1, reading: 0 }]);
      const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence });
      expect(settled.settlement).toMatchObject({ outcome: "failure", deliveredWh: 0n, deficiencyWh: 2_000n });
      expect(settled.settlement?.intervals.map(({ actualWh }) => actualWh)).toEqual([null, null]);
    });

    it("takes one envelope for all boundaries as well", async () => {
      const unixMs = [0, 1, 2].map((count) => BigInt(EVENT_START_UNIX_MS + count * MTU_MS));
      const registers = unixMs.map((measuredAtUnixMs, count) => ({
        measuredAtUnixMs,
        importWh: 5_000n + BigInt(count) * 2_400n,
        exportWh: BigInt(count) * 500n,
      }));
      const envelopes = await market.anchor([feid.sign(registers)]);
      const boundaries = [0, 1, 2].map((reading) => ({ envelope: 0, reading }));
      const evidence = market.evidence(envelopes, boundaries);
      const settled = await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence });
      expect(settled.settlement?.intervals.map(({ actualWh }) => actualWh)).toEqual([1_900n, 1_900n]);
      expect(settled.settlement?.outcome).toBe("success");
    });

    it("is unknown under another id, and no other node settles it", async () => {
      const evidence = fullEvidence(market, await market.anchor(meter(feid, terms, [0n, 0n])));
      const call = (contractId: string) => ({ name: "sc2:SettleDR", argument: { contractId, evidence } }) as const;
      await assertRefused(market, { caller: DISTRICT, ...call("nothing") }, "SC2_UNKNOWN");
      await assertRefused(market, { caller: OFFICES, ...call(terms.contractId) }, "ACCESS_NOT_OWNER");
      await assertRefused(market, { caller: AUDITOR, ...call(terms.contractId) }, "ACCESS_DENIED");
    });
  });
});

/** A P-256 key: what a certificate of an MSP usually holds. */
const EC_KEY_PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWjjk7LjFq97FebtcKseeqTcnYdqJ
/e7Rf7hLIFaDBjMHpFxBH/pg+/EvCfP+E9gODFsKyfwP6AP12s49d7APlA==
-----END PUBLIC KEY-----
`;

function foreign() {
  return intervalsFrom(EVENT_START_UNIX_MS - 2 * MTU_MS, 2);
}

function beyond(): Partial<Sc2Terms> {
  return { intervals: intervalsFrom(EVENT_START_UNIX_MS + MTU_MS, 2) };
}

/** Half an hour from the start of the SC1, in one interval. */
function coarse(): Partial<Sc2Terms> {
  const intervals = [{ startUnixMs: EVENT_START_UNIX_MS, endUnixMs: EVENT_START_UNIX_MS + 2 * MTU_MS }];
  return { intervals, orderedWh: [1_000n], baselineWh: [3_000n] };
}
