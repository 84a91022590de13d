import type { Random, SigningKey } from "@gridpact/host";
import { serializeIdentity } from "../identity/index.ts";
import { type BlockSignature, encodeSignatureHeader, NONCE_BYTES } from "../protocol/index.ts";

/** A peer or orderer of the channel: its certificate and the key that signs for it. */
export type NodeIdentity = { mspId: string; certificatePem: string; key: SigningKey };

/** A node that signs; its identity is serialized once. */
export class SigningNode {
  readonly mspId: string;
  readonly serialized: Uint8Array;
  readonly #key: SigningKey;

  constructor(identity: NodeIdentity) {
    this.mspId = identity.mspId;
    this.serialized = serializeIdentity(identity);
    this.#key = identity.key;
  }

  /** An endorsement's signature covers the result and then the endorser. */
  endorse(responsePayload: Uint8Array): { endorser: Uint8Array; signature: Uint8Array } {
    const signature = this.#key.sign(Buffer.concat([responsePayload, this.serialized]));
    return { endorser: this.serialized, signature };
  }

  /** A signature for a block's metadata; `message` is given the signature header that becomes part of it. */
  signBlock(random: Random, message: (signatureHeader: Uint8Array) => Uint8Array): BlockSignature {
    const signatureHeader = encodeSignatureHeader(this.serialized, random.bytes(NONCE_BYTES));
    return { signatureHeader, signature: this.#key.sign(message(signatureHeader)) };
  }
}
