import { type EnvelopePayload, encode, envelopeHash, QUALITY, ZERO_HASH } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { type OpenedPayload, verifyChain } from "./verify-chain.ts";

function envelope(firstSeq: bigint, count: number, changes: Partial<EnvelopePayload> = {}): OpenedPayload {
  const reading = { measuredAtUnixMs: 0n, powerW: 0n, importWh: 0n, exportWh: 0n, quality: QUALITY.MEASURED };
  const payload: EnvelopePayload = {
    deviceId: "feid-1",
    bootEpoch: 1,
    firstSeq,
    previousEnvelopeHash: ZERO_HASH,
    readings: Array.from({ length: count }, () => reading),
    ...changes,
  };
  return { bytes: encode("EnvelopePayload", payload), payload };
}

const first = envelope(0n, 4);
const second = envelope(4n, 2, { previousEnvelopeHash: envelopeHash(first.bytes) });

describe("the chain of envelopes in evidence", () => {
  it.each([
    { why: "nothing", envelopes: [] },
    { why: "linked envelopes, in any order", envelopes: [second, first] },
    { why: "one envelope given twice", envelopes: [first, first, second] },
    { why: "a gap that other envelopes lie in", envelopes: [first, envelope(9n, 1)] },
    { why: "another boot epoch, which begins anew", envelopes: [first, envelope(0n, 1, { bootEpoch: 2 })] },
  ])("may have $why", ({ envelopes }) => {
    expect(() => verifyChain(envelopes)).not.toThrow();
  });

  it.each([
    { why: "does not carry the hash before it", envelopes: [first, envelope(4n, 2)] },
    { why: "claims a sequence that another has", envelopes: [first, envelope(3n, 1)] },
    { why: "tells the same sequence differently", envelopes: [first, envelope(0n, 4, { deviceId: "other" })] },
  ])("is broken when an envelope $why", ({ envelopes }) => {
    expect(() => verifyChain(envelopes)).toThrow(/^EVIDENCE_CHAIN_BROKEN: /);
  });
});
