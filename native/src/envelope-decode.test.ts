import { decode, ENVELOPE_LIMITS, encode, type Reading, VERDICT } from "@gridpact/proto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_UNIX_MS, DeviceFixture } from "../test/device-fixture.ts";
import { decodeEnvelope } from "./envelope-decode.ts";

const device = new DeviceFixture("home-1");
const signature = new Uint8Array(64).fill(1);

function verdictOf(bytes: Uint8Array): number {
  const outcome = decodeEnvelope(bytes);
  return outcome.ok ? VERDICT.ACCEPTED : outcome.verdict;
}

/** Verdict on a payload made of raw fields. */
function verdictOfPayload(...fields: number[][]): number {
  return verdictOf(encode("SignedEnvelope", { payload: Uint8Array.from(fields.flat()), signature }));
}

function verdictOfReadings(...changes: Partial<Reading>[]): number {
  const readings = changes.map((change, index) => ({ ...reading(index), ...change }));
  const payload = encode("EnvelopePayload", { ...device.payload(1), readings });
  return verdictOf(encode("SignedEnvelope", { payload, signature }));
}

function reading(index: number): Reading {
  const measuredAtUnixMs = BigInt(DAY_UNIX_MS + 1_000 * index);
  return { measuredAtUnixMs, powerW: 1n, importWh: BigInt(index), exportWh: 0n, quality: 1 };
}

const DEVICE_ID = [0x0a, 2, 0x68, 0x31];
const EPOCH = [0x10, 1];
const FIRST_SEQ = [0x18, 5];
const HASH = [0x22, 32, ...Array.from({ length: 32 }, () => 9)];
const READING = [0x2a, 4, 0x08, 1, 0x28, 1];

describe("decoder", () => {
  it("takes fields in any order and defaults that are spelled out", () => {
    expect(verdictOfPayload(DEVICE_ID, EPOCH, FIRST_SEQ, HASH, READING)).toBe(VERDICT.ACCEPTED);
    expect(verdictOfPayload(READING, HASH, [0x18, 0], EPOCH, DEVICE_ID)).toBe(VERDICT.ACCEPTED);
  });

  it.each([
    ["a missing device id", [EPOCH, FIRST_SEQ, HASH, READING]],
    ["a device id that is none", [[0x0a, 2, 0x68, 0x2d], EPOCH, HASH, READING]],
    ["a missing boot epoch", [DEVICE_ID, HASH, READING]],
    ["a boot epoch beyond 32 bits", [DEVICE_ID, [0x10, 0x80, 0x80, 0x80, 0x80, 0x10], HASH, READING]],
    ["a short hash", [DEVICE_ID, EPOCH, [0x22, 1, 9], READING]],
    ["no readings", [DEVICE_ID, EPOCH, HASH]],
    ["a doubled field", [DEVICE_ID, EPOCH, EPOCH, HASH, READING]],
    ["an unknown field", [DEVICE_ID, EPOCH, HASH, READING, [0x30, 1]]],
    ["a field of another wire type", [DEVICE_ID, [0x12, 1, 1], HASH, READING]],
    ["a varint longer than it need be", [DEVICE_ID, [0x10, 0x81, 0x00], HASH, READING]],
    ["a length beyond the end", [DEVICE_ID, EPOCH, HASH, [0x2a, 9, 0x08, 1]]],
    ["an empty reading", [DEVICE_ID, EPOCH, HASH, [0x2a, 0]]],
    ["a sequence beyond safe integers", [DEVICE_ID, EPOCH, [0x18, ...Array(7).fill(0xff), 0x0f], HASH, READING]],
  ])("refuses %s", (_, fields) => {
    expect(verdictOfPayload(...fields)).toBe(VERDICT.MALFORMED);
  });

  it("refuses a signature of another length", () => {
    const payload = encode("EnvelopePayload", device.payload(1));
    expect(verdictOf(encode("SignedEnvelope", { payload, signature: signature.subarray(1) }))).toBe(VERDICT.MALFORMED);
    expect(verdictOf(encode("SignedEnvelope", { payload, signature }))).toBe(VERDICT.ACCEPTED);
  });

  it("takes the largest values and refuses what lies beyond", () => {
    const largest = 2n ** 48n - 1n;
    const most = { powerW: -largest, importWh: largest, exportWh: largest, measuredAtUnixMs: 2n ** 53n - 1n };
    expect(verdictOfReadings(most)).toBe(VERDICT.ACCEPTED);
    for (const [field, value] of Object.entries({
      powerW: -largest - 1n,
      importWh: largest + 1n,
      exportWh: largest + 1n,
    })) {
      expect(verdictOfReadings({ ...most, [field]: value }), field).toBe(VERDICT.MALFORMED);
    }
    for (const measuredAtUnixMs of [2n ** 53n, 0n, -1n]) {
      expect(verdictOfReadings({ measuredAtUnixMs })).toBe(VERDICT.MALFORMED);
    }
  });

  it("refuses readings of unstated quality or out of order within the envelope", () => {
    expect(verdictOfReadings({}, {})).toBe(VERDICT.ACCEPTED);
    expect(verdictOfReadings({ quality: 0 })).toBe(VERDICT.MALFORMED);
    expect(verdictOfReadings({}, { measuredAtUnixMs: BigInt(DAY_UNIX_MS) })).toBe(VERDICT.MALFORMED);
    expect(verdictOfReadings({ importWh: 2n }, {})).toBe(VERDICT.MALFORMED);
    expect(verdictOfReadings({ exportWh: 2n }, {})).toBe(VERDICT.MALFORMED);
  });

  it("calls too many readings too large, even if one of them is wrong", () => {
    const readings = Array.from({ length: ENVELOPE_LIMITS.readingsMax + 1 }, () => ({ quality: 0 as const }));
    expect(verdictOfReadings(...readings)).toBe(VERDICT.TOO_LARGE);
    expect(verdictOfReadings(...readings.slice(1))).toBe(VERDICT.MALFORMED);
  });

  it("reads what it accepts as the protobuf library does, whatever was done to the bytes", () => {
    const change = fc.record({ at: fc.nat(200), byte: fc.nat(255), cut: fc.nat(3) });
    const property = fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(change, { maxLength: 2 }),
      (count, changes) => {
        const bytes = new Uint8Array(encode("EnvelopePayload", device.payload(count)));
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const payload = bytes.subarray(0, bytes.length - (changes[0]?.cut ?? 0));
        const outcome = decodeEnvelope(encode("SignedEnvelope", { payload, signature }));
        if (!outcome.ok) return;
        const { readings, bootEpoch, deviceId, firstSeq } = decode("EnvelopePayload", payload);
        const numbers = readings.map(({ quality: _, measuredAtUnixMs, powerW, ...registers }) => ({
          measuredAtUnixMs: Number(measuredAtUnixMs),
          powerW: Number(powerW),
          ...registers,
        }));
        expect(outcome.envelope).toMatchObject({ bootEpoch, deviceId, firstSeq, readings: numbers });
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });
});
