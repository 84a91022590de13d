import { decode, encode, QUALITY } from "@gridpact/proto";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ContractErrorCode, Evidence } from "../src/index.ts";
import { acceptedSc1, acceptedSc2, fullEvidence, meter } from "./event.ts";
import { Feid } from "./feid.ts";
import { type Anchored, DISTRICT, EVENT_START_UNIX_MS, type Market, MTU_MS, openMarket, sc2Terms } from "./market.ts";
import { Refusal } from "./memory-ledger.ts";
import { assertRefused } from "./refusal.ts";

type EvidenceEnvelope = Evidence["envelopes"][number];

describe("evidence", () => {
  const terms = sc2Terms("feid-1");
  let market: Market;
  let feid: Feid;
  let stranger: Feid;
  /** Three boundaries of `feid-1`, then three of `feid-2`, in one batch. */
  let anchored: Anchored[];
  let sound: Evidence;

  beforeEach(async () => {
    const opened = await openMarket(2);
    market = opened.market;
    [feid, stranger] = opened.feids as [Feid, Feid];
    await acceptedSc1(market, opened.feids);
    await acceptedSc2(market, opened.feids);
    const actualWh = [2_000n, 2_000n];
    anchored = await market.anchor([...meter(feid, terms, actualWh), ...meter(stranger, terms, actualWh)]);
    sound = fullEvidence(market, anchored.slice(0, 3));
  });

  const settle = (evidence: Evidence) =>
    ({ caller: DISTRICT, name: "sc2:SettleDR", argument: { contractId: "sc2-1-feid-1", evidence } }) as const;

  /** The sound evidence with its first envelope changed. */
  function spoil(change: (first: EvidenceEnvelope) => Partial<EvidenceEnvelope>): Evidence {
    return { ...sound, envelopes: sound.envelopes.map((each, at) => (at === 0 ? { ...each, ...change(each) } : each)) };
  }

  it("that is sound is accepted", async () => {
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", settle(sound).argument);
    expect(settled.settlement?.outcome).toBe("success");
  });

  it("of another device is refused, even by its own signature and proof", async () => {
    const foreign = fullEvidence(market, anchored.slice(3));
    await assertRefused(market, settle(foreign), "EVIDENCE_FOREIGN_DEVICE");
  });

  const cases: {
    why: string;
    code: ContractErrorCode;
    change: (first: EvidenceEnvelope) => Partial<EvidenceEnvelope>;
  }[] = [
    {
      why: "a register changed after signing",
      code: "EVIDENCE_BAD_SIGNATURE",
      change: ({ envelopeHex }) => ({ envelopeHex: withOtherRegister(envelopeHex) }),
    },
    {
      why: "a proof for another leaf",
      code: "EVIDENCE_NOT_ANCHORED",
      change: ({ proof }) => ({ proof: { ...proof, leafIndex: 1 } }),
    },
    {
      why: "a proof from another place of the batch",
      code: "EVIDENCE_NOT_ANCHORED",
      change: () => ({ proof: (sound.envelopes[1] as EvidenceEnvelope).proof }),
    },
    {
      why: "a proof of another size",
      code: "EVIDENCE_NOT_ANCHORED",
      change: ({ proof }) => ({ proof: { ...proof, size: 5 } }),
    },
    {
      why: "a batch that is not anchored",
      code: "EVIDENCE_NOT_ANCHORED",
      change: ({ proof }) => ({ proof: { ...proof, batchNo: 1 } }),
    },
    {
      why: "bytes that are no envelope",
      code: "EVIDENCE_MALFORMED",
      change: () => ({ envelopeHex: "ff" }),
    },
    {
      why: "an envelope without payload",
      code: "EVIDENCE_FOREIGN_DEVICE",
      change: () => ({ envelopeHex: hexOf({ payload: new Uint8Array(), signature: new Uint8Array(64) }) }),
    },
    {
      why: "a payload that is none",
      code: "EVIDENCE_MALFORMED",
      change: () => ({ envelopeHex: hexOf({ payload: Buffer.from("0aff", "hex"), signature: new Uint8Array(64) }) }),
    },
    {
      why: "upper-case hex, which would give one evidence two hashes",
      code: "ARGUMENT_INVALID",
      change: ({ envelopeHex }) => ({ envelopeHex: envelopeHex.toUpperCase() }),
    },
  ];

  it.each(cases)("with $why is refused", async ({ code, change }) => {
    await assertRefused(market, settle(spoil(change)), code);
  });

  it("that nobody anchored is refused, though the device signed it", async () => {
    const [later] = meter(feid, terms, [2_000n, 2_000n]);
    const envelopeHex = Buffer.from(later?.bytes ?? []).toString("hex");
    await assertRefused(market, settle(spoil(() => ({ envelopeHex }))), "EVIDENCE_NOT_ANCHORED");
  });

  it.each([
    { why: "boundaries in the wrong order", boundaries: [1, 0, 2], code: "EVIDENCE_WRONG_TIME" },
    { why: "one boundary shown twice", boundaries: [0, 1, 2, 2], code: "EVIDENCE_MALFORMED" },
    { why: "too few boundaries", boundaries: [0, 1], code: "EVIDENCE_MALFORMED" },
    { why: "an envelope that is not there", boundaries: [0, 1, 3], code: "EVIDENCE_MALFORMED" },
    { why: "an envelope that shows nothing", boundaries: [0, 1, null], code: "EVIDENCE_MALFORMED" },
  ] as const)("with $why is refused", async ({ boundaries, code }) => {
    const named = boundaries.map((envelope) => (envelope === null ? null : { envelope, reading: 0 }));
    await assertRefused(market, settle({ ...sound, boundaries: named }), code);
  });

  it("that names a reading the envelope does not have is refused", async () => {
    const boundaries = sound.boundaries.map((each) => each && { ...each, reading: 1 });
    await assertRefused(market, settle({ ...sound, boundaries }), "EVIDENCE_MALFORMED");
  });

  it("a second off its boundary is refused", async () => {
    const offTime = EVENT_START_UNIX_MS + 1_000;
    const readings = [offTime, EVENT_START_UNIX_MS + MTU_MS, EVENT_START_UNIX_MS + 2 * MTU_MS].map((unixMs) => ({
      measuredAtUnixMs: BigInt(unixMs),
      importWh: 0n,
      exportWh: 0n,
    }));
    const envelopes = await market.anchor([feid.sign(readings)]);
    const boundaries = [0, 1, 2].map((reading) => ({ envelope: 0, reading }));
    await assertRefused(market, settle(market.evidence(envelopes, boundaries)), "EVIDENCE_WRONG_TIME");
  });

  it("whose reading does not say how it came about is refused", async () => {
    const unixMs = [0, 1, 2].map((count) => BigInt(EVENT_START_UNIX_MS + count * MTU_MS));
    const registers = unixMs.map((measuredAtUnixMs) => ({ measuredAtUnixMs, importWh: 0n, exportWh: 0n }));
    const envelopes = await market.anchor([feid.sign(registers, QUALITY.UNSPECIFIED)]);
    const boundaries = [0, 1, 2].map((reading) => ({ envelope: 0, reading }));
    await assertRefused(market, settle(market.evidence(envelopes, boundaries)), "EVIDENCE_MALFORMED");
  });

  it("of one device that signed two histories is refused, however each is anchored", async () => {
    const other = new Feid("feid-1");
    const [start, middle] = anchored as [Anchored, Anchored, Anchored];
    const forked = await market.anchor(meter(other, terms, [0n, 0n]).slice(1));
    const end = forked[1] as Anchored;
    await assertRefused(market, settle(fullEvidence(market, [start, middle, end])), "EVIDENCE_CHAIN_BROKEN");
  });

  it("from before and after a lost chain is accepted: a new boot epoch begins anew", async () => {
    const rebooted = new Feid("feid-1", "feid-1", 2);
    const [, , end] = await market.anchor(meter(rebooted, terms, [2_000n, 2_000n]));
    const evidence = fullEvidence(market, [...anchored.slice(0, 2), end as Anchored]);
    const settled = await market.submit(DISTRICT, "sc2:SettleDR", settle(evidence).argument);
    expect(settled.settlement?.outcome).toBe("success");
  });

  it("with any one byte of an envelope or a path flipped is refused", async () => {
    const texts = sound.envelopes.flatMap(({ envelopeHex, proof }) => [envelopeHex, ...proof.pathHex]);
    await fc.assert(
      fc.asyncProperty(fc.nat(texts.length - 1), fc.nat(), async (which, draw) => {
        const original = texts[which] ?? "";
        const at = draw % original.length;
        const flipped = `${original.slice(0, at)}${original[at] === "0" ? "1" : "0"}${original.slice(at + 1)}`;
        const evidence = JSON.parse(JSON.stringify(sound).replaceAll(original, flipped)) as Evidence;
        const refusal = await market
          .submit(DISTRICT, "sc2:SettleDR", settle(evidence).argument)
          .catch((error) => error);
        expect(refusal).toBeInstanceOf(Refusal);
        expect(refusal.code).toMatch(/^EVIDENCE_/);
      }),
      { numRuns: 200 },
    );
  });
});

function hexOf(envelope: { payload: Uint8Array; signature: Uint8Array }): string {
  return Buffer.from(encode("SignedEnvelope", envelope)).toString("hex");
}

function withOtherRegister(envelopeHex: string): string {
  const { payload, signature } = decode("SignedEnvelope", Buffer.from(envelopeHex, "hex"));
  const decoded = decode("EnvelopePayload", payload);
  const readings = decoded.readings.map((each) => ({ ...each, importWh: each.importWh + 1n }));
  return hexOf({ payload: encode("EnvelopePayload", { ...decoded, readings }), signature });
}
