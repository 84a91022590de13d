import { type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import type { EnrolledDevice } from "@gridpact/native";
import {
  type EnrolmentRequest,
  encode,
  enrolmentSigningBytes,
  envelopeHash,
  envelopeSigningBytes,
  QUALITY,
  RESOURCE_KIND,
  ZERO_HASH,
} from "@gridpact/proto";

/** Start of the tests' time: a multiple of every market time unit. */
export const START_UNIX_MS = Date.UTC(2016, 0, 28);

export const MTU_MS = 900_000;

/** A device as the tests need it: meters a constant load, signs, chains its envelopes. */
export class MeteringDevice {
  readonly deviceId: string;
  readonly key: SigningKey;
  readonly #importWhPerReading: bigint;
  #nextSeq = 0n;
  #previousHash = ZERO_HASH;
  #importWh = 1_000n;

  constructor(deviceId: string, seed: number, importWhPerReading = 250n) {
    this.deviceId = deviceId;
    this.key = signingKeyFromSeed(new Uint8Array(32).fill(seed));
    this.#importWhPerReading = importWhPerReading;
  }

  enrolled(feeder = "feeder-1"): EnrolledDevice {
    return { deviceId: this.deviceId, publicKey: new Uint8Array(this.key.publicKey), feeder };
  }

  /** The next envelope of the chain, with one reading for each instant. */
  envelope(...atUnixMs: number[]): Uint8Array {
    const readings = atUnixMs.map((at) => {
      this.#importWh += this.#importWhPerReading;
      return {
        measuredAtUnixMs: BigInt(at),
        powerW: 1_000n,
        importWh: this.#importWh,
        exportWh: 0n,
        quality: QUALITY.MEASURED,
      };
    });
    const payload = encode("EnvelopePayload", {
      deviceId: this.deviceId,
      bootEpoch: 1,
      firstSeq: this.#nextSeq,
      previousEnvelopeHash: this.#previousHash,
      readings,
    });
    this.#nextSeq += BigInt(readings.length);
    this.#previousHash = envelopeHash(payload);
    return this.sign(payload);
  }

  sign(payload: Uint8Array): Uint8Array {
    const signature = this.key.sign(envelopeSigningBytes(payload));
    return new Uint8Array(encode("SignedEnvelope", { payload, signature }));
  }

  /** A signed request with a proof of possession of this device's key. */
  enrolmentRequest(token: string): EnrolmentRequest {
    const request = { deviceId: this.deviceId, publicKey: new Uint8Array(this.key.publicKey), token };
    return {
      ...request,
      proofOfPossession: this.key.sign(enrolmentSigningBytes(request)),
      resources: [{ resourceId: "relay", kind: RESOURCE_KIND.RELAY, reduceWMax: 500n, reduceWhMax: 0n }],
    };
  }
}

/** Instant of the n-th boundary of market time units since the start. */
export function boundary(index: number): number {
  return START_UNIX_MS + index * MTU_MS;
}
