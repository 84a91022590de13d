import { createPublicKey, type KeyObject, sign } from "node:crypto";
import {
  amendmentSigningBytes,
  consentSigningBytes,
  encode,
  enrolmentSigningBytes,
  envelopeHash,
  envelopeLeafHash,
  envelopeSigningBytes,
  QUALITY,
  type Quality,
  type Reading,
  rotationSigningBytes,
  ZERO_HASH,
} from "@gridpact/proto";
import { type AmendedOrder, amendmentHash, type Sc2Terms, termsHash } from "../src/index.ts";
import { type Identity, issueIdentity, privateKeyOf, publicKeyOf } from "./certificate.ts";

/** One signed envelope and its Merkle leaf. */
export type Signed = { readonly bytes: Uint8Array; readonly leafHash: Uint8Array };

/** A device with its key and certificate, whose meter shows what the test says. */
export class Feid {
  readonly deviceId: string;
  readonly identity: Identity;
  readonly publicKeyHex: string;
  readonly #key: KeyObject;
  readonly #bootEpoch: number;
  #previousHash = ZERO_HASH;
  #nextSeq = 0n;

  constructor(deviceId: string, keyName = deviceId, bootEpoch = 1) {
    this.deviceId = deviceId;
    this.#bootEpoch = bootEpoch;
    this.#key = privateKeyOf(keyName);
    this.publicKeyHex = Buffer.from(publicKeyOf(this.#key)).toString("hex");
    this.identity = issueIdentity({
      mspId: "VnMSP",
      commonName: deviceId,
      attributes: { role: "prosumer", deviceId },
      publicKey: createPublicKey(this.#key),
    });
  }

  /** EnrolmentRequest with a proof of possession; `signer` lets a test prove with another key. */
  enrolmentRequest(signer: Feid = this): Uint8Array {
    const request = { deviceId: this.deviceId, publicKey: Buffer.from(this.publicKeyHex, "hex"), token: "token" };
    const proofOfPossession = sign(null, enrolmentSigningBytes(request), signer.#key);
    return encode("EnrolmentRequest", { ...request, proofOfPossession, resources: [] });
  }

  /** The device's consent to terms, signed offline; in hex. */
  consentTo(terms: Sc2Terms): string {
    return this.consentToHash(termsHash(terms));
  }

  consentToHash(hashHex: string): string {
    return sign(null, consentSigningBytes(Buffer.from(hashHex, "hex")), this.#key).toString("hex");
  }

  /** The device's word on another order for a contract of its own; in hex. */
  amends(terms: Sc2Terms, order: Omit<AmendedOrder, "contractId" | "termsHashHex">): string {
    const hashHex = amendmentHash({ contractId: terms.contractId, termsHashHex: termsHash(terms), ...order });
    return sign(null, amendmentSigningBytes(Buffer.from(hashHex, "hex")), this.#key).toString("hex");
  }

  /** The device's word that another key is its next one; in hex. */
  rotationTo(successor: Feid): string {
    const message = rotationSigningBytes(this.deviceId, Buffer.from(successor.publicKeyHex, "hex"));
    return sign(null, message, this.#key).toString("hex");
  }

  /** Signs one envelope with the next readings. */
  sign(
    readings: readonly Pick<Reading, "measuredAtUnixMs" | "importWh" | "exportWh">[],
    quality: Quality = QUALITY.MEASURED,
  ): Signed {
    const payload = encode("EnvelopePayload", {
      deviceId: this.deviceId,
      bootEpoch: this.#bootEpoch,
      firstSeq: this.#nextSeq,
      previousEnvelopeHash: this.#previousHash,
      readings: readings.map((each) => ({ ...each, powerW: 0n, quality })),
    });
    this.#nextSeq += BigInt(readings.length);
    this.#previousHash = envelopeHash(payload);
    const signature = sign(null, envelopeSigningBytes(payload), this.#key);
    return {
      bytes: encode("SignedEnvelope", { payload, signature }),
      leafHash: envelopeLeafHash({ payload, signature }),
    };
  }
}
