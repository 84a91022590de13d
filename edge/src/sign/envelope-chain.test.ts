import { SeededRandom, SimulatedDisk, signingKeyFromSeed } from "@gridpact/host";
import {
  decode,
  ENVELOPE_LIMITS,
  envelopeHash,
  envelopeSigningBytes,
  QUALITY,
  type Reading,
  verifyZip215,
  ZERO_HASH,
} from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { currentBootEpoch, startBootEpoch, useBootEpoch } from "./boot-epoch.ts";
import { chainAfter, EnvelopeChain, freshChain, openEnvelope, READINGS_PER_ENVELOPE_MAX } from "./envelope-chain.ts";

const key = signingKeyFromSeed(new SeededRandom("chain").bytes(32));
const device = { deviceId: "d-1", key };

function reading(index: number): Reading {
  const measuredAtUnixMs = BigInt(index) * 60_000n;
  return { measuredAtUnixMs, powerW: -5n, importWh: BigInt(index), exportWh: 7n, quality: QUALITY.MEASURED };
}

describe("EnvelopeChain", () => {
  it("numbers readings without gap and carries the hash of the envelope before", () => {
    const chain = new EnvelopeChain(device, freshChain(3));
    const first = openEnvelope(chain.seal([reading(0), reading(1)]).bytes);
    const second = openEnvelope(chain.seal([reading(2)]).bytes);
    expect(first.payload).toMatchObject({ deviceId: "d-1", bootEpoch: 3, firstSeq: 0n });
    expect(Buffer.from(first.payload.previousEnvelopeHash)).toEqual(Buffer.from(ZERO_HASH));
    expect(second.payload).toMatchObject({ bootEpoch: 3, firstSeq: 2n, readings: [reading(2)] });
    expect(Buffer.from(second.payload.previousEnvelopeHash)).toEqual(Buffer.from(first.hash));
  });

  it("signs the payload under the envelope domain, and nothing else", () => {
    const { payload, signature } = decode(
      "SignedEnvelope",
      new EnvelopeChain(device, freshChain(1)).seal([reading(0)]).bytes,
    );
    expect(verifyZip215(key.publicKey, envelopeSigningBytes(payload), signature)).toBe(true);
    expect(verifyZip215(key.publicKey, payload, signature)).toBe(false);
  });

  it("goes on from an envelope read back as if it had never stopped", () => {
    const chain = new EnvelopeChain(device, freshChain(1));
    const sealed = chain.seal([reading(0), reading(1)]);
    const resumed = new EnvelopeChain(device, chainAfter(openEnvelope(sealed.bytes)));
    expect(resumed.seal([reading(2)])).toEqual(chain.seal([reading(2)]));
    expect(Buffer.from(openEnvelope(sealed.bytes).hash)).toEqual(
      Buffer.from(envelopeHash(decode("SignedEnvelope", sealed.bytes).payload)),
    );
  });

  it("keeps the fullest envelope of the largest readings within the limits, and refuses one reading more", () => {
    const largest = { measuredAtUnixMs: -1n, powerW: -(2n ** 63n), importWh: 2n ** 64n - 1n, exportWh: 2n ** 64n - 1n };
    const readings: Reading[] = Array(READINGS_PER_ENVELOPE_MAX).fill({ ...largest, quality: QUALITY.MEASURED });
    const chain = new EnvelopeChain(
      { ...device, deviceId: "d".repeat(64) },
      { ...freshChain(2 ** 32 - 1), nextSeq: 2n ** 63n },
    );
    expect(chain.seal(readings).bytes.length).toBeLessThanOrEqual(ENVELOPE_LIMITS.bytesMax);
    expect(() => chain.seal([...readings, reading(0)])).toThrow("1..N readings");
    expect(() => chain.seal([])).toThrow("1..N readings");
  });
});

describe("startBootEpoch", () => {
  it("counts from 1, and further only when an epoch was used, over restarts", async () => {
    const disk = new SimulatedDisk(new SeededRandom("epoch"));
    expect(await startBootEpoch(disk)).toBe(1);
    expect(await startBootEpoch(disk)).toBe(1);
    await useBootEpoch(disk, 1);
    disk.crash();
    expect(await currentBootEpoch(disk)).toBe(1);
    expect(await startBootEpoch(disk)).toBe(2);
    expect(await currentBootEpoch(disk)).toBe(2);
  });

  it("starts where it is told when nothing is left on the disk, and never below what it had", async () => {
    const disk = new SimulatedDisk(new SeededRandom("epoch"));
    expect(await startBootEpoch(disk, 7)).toBe(7);
    await useBootEpoch(disk, 7);
    expect(await startBootEpoch(disk, 3)).toBe(8);
  });

  it("knows no current epoch before the first", async () => {
    await expect(currentBootEpoch(new SimulatedDisk(new SeededRandom("epoch")))).rejects.toThrow("started before");
  });
});
