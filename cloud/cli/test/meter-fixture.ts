import { type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import type { EnrolledDevice } from "@gridpact/native";
import { encode, envelopeHash, envelopeSigningBytes, QUALITY, ZERO_HASH } from "@gridpact/proto";

const FIRST_READING_AT_UNIX_MS = Date.UTC(2016, 0, 28);

/** A device that signs and chains envelopes of one reading each. */
export class MeterFixture {
  readonly deviceId: string;
  readonly #key: SigningKey = signingKeyFromSeed(new Uint8Array(32).fill(7));
  #nextSeq = 0n;
  #previousHash = ZERO_HASH;

  constructor(deviceId: string) {
    this.deviceId = deviceId;
  }

  enrolled(): EnrolledDevice {
    return { deviceId: this.deviceId, publicKey: new Uint8Array(this.#key.publicKey), feeder: "F1" };
  }

  /** The next envelope of the chain. */
  envelope(): Uint8Array {
    const measuredAtUnixMs = BigInt(FIRST_READING_AT_UNIX_MS) + this.#nextSeq * 1_000n;
    const payload = encode("EnvelopePayload", {
      deviceId: this.deviceId,
      bootEpoch: 1,
      firstSeq: this.#nextSeq,
      previousEnvelopeHash: this.#previousHash,
      readings: [{ measuredAtUnixMs, powerW: 100n, importWh: this.#nextSeq, exportWh: 0n, quality: QUALITY.MEASURED }],
    });
    this.#nextSeq += 1n;
    this.#previousHash = envelopeHash(payload);
    return encode("SignedEnvelope", { payload, signature: this.#key.sign(envelopeSigningBytes(payload)) });
  }
}
