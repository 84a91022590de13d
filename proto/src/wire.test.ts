import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as proto from "./index.ts";

const { decode, encode } = proto;

const reading = fc.record({
  measuredAtUnixMs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  powerW: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  importWh: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  exportWh: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  quality: fc.constantFrom(...Object.values(proto.QUALITY)),
});

describe("encode and decode", () => {
  it("give every payload back, 64-bit integers to the last bit", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 5 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (readings, seq) => {
        const payload = {
          deviceId: "d-1",
          bootEpoch: 3,
          firstSeq: seq,
          previousEnvelopeHash: proto.ZERO_HASH,
          readings,
        };
        const decoded = decode("EnvelopePayload", encode("EnvelopePayload", payload));
        expect({ ...decoded, previousEnvelopeHash: new Uint8Array(decoded.previousEnvelopeHash) }).toEqual(payload);
      }),
    );
  });

  it("refuse bytes that are no message, with a stable code", () => {
    expect(() => decode("SignedEnvelope", Uint8Array.of(0x0a, 0xff))).toThrow(proto.DecodeError);
    expect(() => decode("SignedEnvelope", Uint8Array.of(0x0a, 0xff))).toThrow(/SignedEnvelope/);
  });
});

describe("signing bytes", () => {
  it("differ between purposes for the same content", () => {
    const domains = Object.values(proto.SIGNING_DOMAIN);
    expect(new Set(domains).size).toBe(domains.length);
    for (const domain of domains) expect(domain.endsWith("\0")).toBe(true);
  });

  it("of an enrolment do not cover the proof itself", () => {
    const request = { deviceId: "d-1", publicKey: new Uint8Array(32), token: "t" };
    const bytes = proto.enrolmentSigningBytes(request);
    expect(Buffer.from(bytes).includes(Buffer.from("d-1"))).toBe(true);
    expect(proto.enrolmentSigningBytes({ ...request, token: "u" })).not.toEqual(bytes);
  });

  it("make the leaf hash of an envelope the RFC 6962 hash of signature and payload", () => {
    const envelope = { payload: Uint8Array.of(1, 2), signature: new Uint8Array(64).fill(7) };
    expect(proto.envelopeLeafData(envelope)).toHaveLength(66);
    expect(proto.envelopeLeafHash(envelope)).toHaveLength(proto.HASH_BYTES);
    expect(proto.envelopeLeafHash(envelope)).not.toEqual(proto.envelopeHash(envelope.payload));
  });
});

describe("isDeviceId", () => {
  it.each(["d", "d-ld07-household", "0", "a".repeat(64)])("accepts %s", (id) => {
    expect(proto.isDeviceId(id)).toBe(true);
  });

  it.each(["", "-a", "a-", "A", "a/b", "a+b", "#", "$sys", "a".repeat(65), "ä"])("rejects %s", (id) => {
    expect(proto.isDeviceId(id)).toBe(false);
  });
});

describe("verdicts", () => {
  it("have a label for each code and none for others", () => {
    const labels = Object.values(proto.VERDICT).map(proto.verdictLabel);
    expect(new Set(labels).size).toBe(labels.length);
    expect(() => proto.verdictLabel(99)).toThrow(RangeError);
  });

  it("count neither an acceptance nor a duplicate as a rejection", () => {
    expect(proto.isRejected(proto.VERDICT.ACCEPTED)).toBe(false);
    expect(proto.isRejected(proto.VERDICT.DUPLICATE)).toBe(false);
    expect(proto.isRejected(proto.VERDICT.BAD_SIGNATURE)).toBe(true);
  });
});

describe("@gridpact/proto", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(proto).sort()).toEqual([
      "DEVICE_PUBLISH_CHANNELS",
      "DEVICE_SUBSCRIBE_CHANNELS",
      "DecodeError",
      "ENVELOPE_LIMITS",
      "HASH_BYTES",
      "PUBLIC_KEY_BYTES",
      "QUALITY",
      "RESOURCE_KIND",
      "SIGNATURE_BYTES",
      "SIGNING_DOMAIN",
      "SIGN_STAGE",
      "VERDICT",
      "ZERO_HASH",
      "amendmentSigningBytes",
      "auditSigningBytes",
      "consentSigningBytes",
      "decode",
      "deviceTopic",
      "encode",
      "enrolmentSigningBytes",
      "envelopeHash",
      "envelopeLeafData",
      "envelopeLeafHash",
      "envelopeSigningBytes",
      "isDeviceId",
      "isEnrollableKey",
      "isRejected",
      "moveSigningBytes",
      "releaseHash",
      "rotationSigningBytes",
      "verdictLabel",
      "verifyZip215",
    ]);
  });
});
