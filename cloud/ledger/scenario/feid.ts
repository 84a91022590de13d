import { type AmendedOrder, amendmentHash, type Sc2Terms, termsHash } from "@gridpact/contracts";
import type { SigningKey } from "@gridpact/host";
import {
  amendmentSigningBytes,
  consentSigningBytes,
  encode,
  enrolmentSigningBytes,
  envelopeHash,
  envelopeLeafHash,
  envelopeSigningBytes,
  QUALITY,
  ZERO_HASH,
} from "@gridpact/proto";
import type { LedgerIdentity } from "../src/index.ts";

/** One signed envelope and its leaf hash. */
export type Signed = { bytes: Uint8Array; leafHash: Uint8Array };

/** A device with its key and certificate, whose meter shows what the scenario says. */
export class Feid {
  readonly deviceId: string;
  readonly key: SigningKey;
  readonly #certify: () => LedgerIdentity;
  #identity: LedgerIdentity | undefined;
  #previousHash = ZERO_HASH;
  #nextSeq = 0n;

  /** @param certify - Issues the certificate; most devices of a large event never need theirs, as they sign offline */
  constructor(deviceId: string, key: SigningKey, certify: () => LedgerIdentity) {
    this.deviceId = deviceId;
    this.key = key;
    this.#certify = certify;
  }

  /** Who the device is when it calls the ledger itself. */
  get identity(): LedgerIdentity {
    this.#identity ??= this.#certify();
    return this.#identity;
  }

  get publicKeyHex(): string {
    return Buffer.from(this.key.publicKey).toString("hex");
  }

  /** `EnrolmentRequest` with a proof of possession. */
  enrolmentRequestHex(): string {
    const request = { deviceId: this.deviceId, publicKey: Buffer.from(this.key.publicKey), token: "token" };
    const proofOfPossession = this.key.sign(enrolmentSigningBytes(request));
    return Buffer.from(encode("EnrolmentRequest", { ...request, proofOfPossession, resources: [] })).toString("hex");
  }

  /** The device's consent to terms, signed while it is not connected to any ledger. */
  consentTo(terms: Sc2Terms): string {
    return this.consentToHash(termsHash(terms));
  }

  /** The device's word on another order for intervals to come of a contract of its own. */
  amends(terms: Sc2Terms, order: Omit<AmendedOrder, "contractId" | "termsHashHex">): string {
    const hashHex = amendmentHash({ contractId: terms.contractId, termsHashHex: termsHash(terms), ...order });
    return Buffer.from(this.key.sign(amendmentSigningBytes(Buffer.from(hashHex, "hex")))).toString("hex");
  }

  /** The same for whatever else the device agrees to, by the hash of it. */
  consentToHash(hashHex: string): string {
    const message = consentSigningBytes(Buffer.from(hashHex, "hex"));
    return Buffer.from(this.key.sign(message)).toString("hex");
  }

  /** An envelope with one reading of the import register. */
  meter(measuredAtUnixMs: number, importWh: bigint): Signed {
    const payload = encode("EnvelopePayload", {
      deviceId: this.deviceId,
      bootEpoch: 1,
      firstSeq: this.#nextSeq,
      previousEnvelopeHash: this.#previousHash,
      readings: [
        {
          measuredAtUnixMs: BigInt(measuredAtUnixMs),
          importWh,
          exportWh: 0n,
          powerW: 0n,
          quality: QUALITY.MEASURED,
        },
      ],
    });
    this.#nextSeq += 1n;
    this.#previousHash = envelopeHash(payload);
    const signature = this.key.sign(envelopeSigningBytes(payload));
    return {
      bytes: encode("SignedEnvelope", { payload, signature }),
      leafHash: envelopeLeafHash({ payload, signature }),
    };
  }
}
