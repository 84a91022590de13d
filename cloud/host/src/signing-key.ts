import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

/** An Ed25519 key that can sign. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
  /** Deterministic signature, 64 bytes. [RFC8032 s.5.1.6] */
  sign(message: Uint8Array): Uint8Array;
}

/** [RFC8032 s.5.1.5] */
export const SEED_BYTES = 32;

/** PKCS #8 header of an Ed25519 seed. [RFC8410 s.7] */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The key of a 32-byte seed. [RFC8032 s.5.1.5]
 * @throws RangeError when the seed has another length.
 */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== SEED_BYTES) throw new RangeError(`an Ed25519 seed has ${SEED_BYTES} bytes, not ${seed.length}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { publicKey: spki.subarray(-32), privateKey, sign: (message) => sign(null, message, privateKey) };
}
