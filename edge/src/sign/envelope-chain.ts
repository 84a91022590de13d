import { strict as assert } from "node:assert";
import type { SigningKey } from "@gridpact/host";
import {
  decode,
  ENVELOPE_LIMITS,
  type EnvelopePayload,
  encode,
  envelopeHash,
  envelopeSigningBytes,
  type Reading,
  ZERO_HASH,
} from "@gridpact/proto";

/** Where a device stands in its sequence: what its next envelope carries. */
export type ChainState = { bootEpoch: number; nextSeq: bigint; previousHash: Uint8Array };

/** A signed envelope, ready to be sent. */
export type SealedEnvelope = { bytes: Uint8Array; readingCount: number; lastReading: Reading };

/**
 * Largest encoding of one reading: tags (6), time, power and two registers as 10-byte varints, quality (1), one to
 * spare. Beside the readings an envelope has id, epoch, sequence, hash, signature and framing: less than 512 bytes.
 */
const READING_BYTES_MAX = 48;
const ENVELOPE_OVERHEAD_BYTES_MAX = 512;

/** Readings in one envelope that always keep it within what every receiver takes. */
export const READINGS_PER_ENVELOPE_MAX = Math.min(
  ENVELOPE_LIMITS.readingsMax,
  Math.floor((ENVELOPE_LIMITS.bytesMax - ENVELOPE_OVERHEAD_BYTES_MAX) / READING_BYTES_MAX),
);

/**
 * Signs the device's readings into envelopes, each with the next sequence numbers and the hash of the one before.
 * The caller MUST make an envelope durable before it sends it: a number that was sent is never used again.
 */
export class EnvelopeChain {
  readonly #deviceId: string;
  readonly #key: SigningKey;
  #state: ChainState;

  constructor(device: { deviceId: string; key: SigningKey }, state: ChainState) {
    this.#deviceId = device.deviceId;
    this.#key = device.key;
    this.#state = state;
  }

  seal(readings: readonly Reading[]): SealedEnvelope {
    const lastReading = readings.at(-1);
    assert(lastReading !== undefined && readings.length <= READINGS_PER_ENVELOPE_MAX, "an envelope has 1..N readings");
    const { bootEpoch, nextSeq, previousHash } = this.#state;
    const payload = encode("EnvelopePayload", {
      deviceId: this.#deviceId,
      bootEpoch,
      firstSeq: nextSeq,
      previousEnvelopeHash: previousHash,
      readings: [...readings],
    });
    const signature = this.#key.sign(envelopeSigningBytes(payload));
    const bytes = encode("SignedEnvelope", { payload, signature });
    assert(bytes.length <= ENVELOPE_LIMITS.bytesMax, "READINGS_PER_ENVELOPE_MAX keeps envelopes within the limit");
    this.#state = { bootEpoch, nextSeq: nextSeq + BigInt(readings.length), previousHash: envelopeHash(payload) };
    return { bytes, readingCount: readings.length, lastReading };
  }
}

/** The state of a device that has sent nothing in this boot epoch. */
export function freshChain(bootEpoch: number): ChainState {
  return { bootEpoch, nextSeq: 0n, previousHash: ZERO_HASH };
}

/** The state after an envelope of our own, read back from disk. */
export function chainAfter(envelope: OpenedEnvelope): ChainState {
  const { payload } = envelope;
  return {
    bootEpoch: payload.bootEpoch,
    nextSeq: payload.firstSeq + BigInt(payload.readings.length),
    previousHash: envelope.hash,
  };
}

/** An envelope of our own, decoded. */
export type OpenedEnvelope = { payload: EnvelopePayload; hash: Uint8Array };

/** The signature is not looked at, as the bytes come from the device's own disk. @throws DecodeError */
export function openEnvelope(bytes: Uint8Array): OpenedEnvelope {
  const { payload } = decode("SignedEnvelope", bytes);
  return { payload: decode("EnvelopePayload", payload), hash: envelopeHash(payload) };
}
