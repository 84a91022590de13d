import { createHash } from "node:crypto";
import { type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import {
  type EnvelopePayload,
  encode,
  envelopeHash,
  envelopeSigningBytes,
  QUALITY,
  type Reading,
  ZERO_HASH,
} from "@gridpact/proto";
import type { EnrolledDevice, ReceivedEnvelope } from "../src/engine.ts";

/** 2016-01-28T00:00:00Z, the event day of the story. */
export const DAY_UNIX_MS = 1_453_939_200_000;

/** A device that signs well-formed envelopes, and on demand wrong ones. */
export class DeviceFixture {
  readonly deviceId: string;
  readonly key: SigningKey;
  bootEpoch = 1;
  nextSeq = 0n;
  lastHash: Uint8Array = ZERO_HASH;
  measuredAtUnixMs = DAY_UNIX_MS;
  importWh = 1_000n;

  constructor(deviceId: string) {
    this.deviceId = deviceId;
    this.key = signingKeyFromSeed(createHash("sha256").update(deviceId).digest());
  }

  enrolled(feeder = "feeder-1"): EnrolledDevice {
    return { deviceId: this.deviceId, publicKey: this.key.publicKey, feeder };
  }

  /** The next `count` readings, one a minute, 10 Wh apart. */
  readings(count: number): Reading[] {
    return Array.from({ length: count }, () => {
      this.measuredAtUnixMs += 60_000;
      this.importWh += 10n;
      return {
        measuredAtUnixMs: BigInt(this.measuredAtUnixMs),
        powerW: 600n,
        importWh: this.importWh,
        exportWh: 5n,
        quality: QUALITY.MEASURED,
      };
    });
  }

  /** The next payload in the device's chain; `changes` make it a wrong one, or a restarted one. */
  payload(count: number, changes: Partial<EnvelopePayload> = {}): EnvelopePayload {
    const payload = {
      deviceId: this.deviceId,
      bootEpoch: this.bootEpoch,
      firstSeq: this.nextSeq,
      previousEnvelopeHash: this.lastHash,
      readings: this.readings(count),
      ...changes,
    };
    this.bootEpoch = payload.bootEpoch;
    this.nextSeq = payload.firstSeq + BigInt(payload.readings.length);
    this.lastHash = envelopeHash(encode("EnvelopePayload", payload));
    return payload;
  }

  /** The next envelope, signed. */
  next(count = 2, changes: Partial<EnvelopePayload> = {}): ReceivedEnvelope {
    return this.sign(encode("EnvelopePayload", this.payload(count, changes)));
  }

  sign(payload: Uint8Array): ReceivedEnvelope {
    const signature = this.key.sign(envelopeSigningBytes(payload));
    return { deviceId: this.deviceId, bytes: encode("SignedEnvelope", { payload, signature }) };
  }
}

/** The same envelope with a signature that does not verify. */
export function forged(envelope: ReceivedEnvelope): ReceivedEnvelope {
  const bytes = new Uint8Array(envelope.bytes);
  // The last bytes of the message are S, little-endian; its lowest byte does not make it non-canonical.
  const at = bytes.length - 32;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { ...envelope, bytes };
}
