import { beforeEach, describe, expect, it } from "vitest";
import { acceptedSc1, fullEvidence, meter } from "./event.ts";
import { Feid } from "./feid.ts";
import { AUDITOR, consent, DISTRICT, type Market, openMarket, sc2Terms } from "./market.ts";
import { assertRefused } from "./refusal.ts";

describe("a key's rotation", () => {
  let market: Market;
  let old: Feid;
  const next = new Feid("feid-1", "the second key of feid-1");

  beforeEach(async () => {
    const opened = await openMarket(2);
    market = opened.market;
    old = opened.feids[0] as Feid;
    await acceptedSc1(market, opened.feids);
  });

  type Choice = { successor?: Feid; prover?: Feid; namer?: Feid; firstBatchNo?: number };

  const rotate = ({ successor = next, prover, namer = old, firstBatchNo = 0 }: Choice = {}) => {
    const argument = {
      deviceId: "feid-1",
      publicKeyHex: successor.publicKeyHex,
      enrolmentRequestHex: Buffer.from(successor.enrolmentRequest(prover ?? successor)).toString("hex"),
      consentSignatureHex: namer.rotationTo(successor),
      firstBatchNo,
    };
    return { caller: DISTRICT, name: "registry:RotateKey", argument } as const;
  };

  it("is signed by both keys and appended to the device's history", async () => {
    const device = await market.submit(DISTRICT, "registry:RotateKey", rotate().argument);
    expect(device).toMatchObject({ publicKeyHex: next.publicKeyHex, revision: 1, state: "active" });
    const first = await market.submit(AUDITOR, "registry:GetDeviceRevision", { deviceId: "feid-1", revision: 0 });
    expect(first.publicKeyHex).toBe(old.publicKeyHex);
  });

  it("is refused without either signature, for a key in use, and for a revoked device", async () => {
    const stranger = new Feid("feid-2");
    await assertRefused(market, rotate({ prover: old }), "REGISTRY_POSSESSION_UNPROVEN");
    await assertRefused(market, rotate({ namer: next }), "REGISTRY_ROTATION_UNPROVEN");
    await assertRefused(market, rotate({ successor: stranger }), "REGISTRY_KEY_IN_USE");
    await market.submit(DISTRICT, "registry:RotateKey", rotate().argument);
    await assertRefused(market, rotate({ successor: old, namer: next }), "REGISTRY_KEY_IN_USE");
    await market.submit(DISTRICT, "registry:RevokeDevice", { deviceId: "feid-1", reason: "stolen" });
    const third = new Feid("feid-1", "a third key");
    await assertRefused(market, rotate({ successor: third, namer: next }), "REGISTRY_DEVICE_REVOKED");
  });

  it("binds by the new key: the old certificate accepts no contract any more", async () => {
    const terms = sc2Terms("feid-1");
    await market.offer(terms);
    await market.submit(DISTRICT, "registry:RotateKey", rotate().argument);
    const accept = { name: "sc2:AcceptReduction", argument: consent(terms) } as const;
    await assertRefused(market, { ...accept, caller: old.identity }, "SC2_KEY_MISMATCH");
    expect((await market.submit(next.identity, "sc2:AcceptReduction", accept.argument)).state).toBe("accepted");
  });

  describe("leaves evidence of the old key", () => {
    const terms = sc2Terms("feid-1");
    const showing = async () => fullEvidence(market, await market.anchor(meter(old, terms, [2_000n, 2_000n])));
    const settle = (evidence: Awaited<ReturnType<typeof showing>>) =>
      ({ caller: DISTRICT, name: "sc2:SettleDR", argument: { contractId: terms.contractId, evidence } }) as const;

    beforeEach(async () => {
      await market.offer(terms);
      await market.submit(old.identity, "sc2:AcceptReduction", consent(terms));
    });

    it("in batches before the change, which those that are anchored always are", async () => {
      const evidence = await showing();
      await assertRefused(market, rotate({ firstBatchNo: 0 }), "TERMS_INVALID");
      await market.submit(DISTRICT, "registry:RotateKey", rotate({ firstBatchNo: 1 }).argument);
      expect((await market.submit(DISTRICT, "sc2:SettleDR", settle(evidence).argument)).state).toBe("settled");
    });

    it("and none in those after it", async () => {
      await market.submit(DISTRICT, "registry:RotateKey", rotate({ firstBatchNo: 0 }).argument);
      await assertRefused(market, settle(await showing()), "EVIDENCE_BAD_SIGNATURE");
    });
  });
});
