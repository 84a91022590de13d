import { p256 } from "@noble/curves/nist.js";
import { derObjectId, readDer } from "../src/wire/index.ts";

/** A public key, with as much of `KeyObject` as verification asks for. */
export class PublicKey {
  readonly kind: "ed25519" | "p256" | "other";
  /** The point: 32 bytes for Ed25519, 33 or 65 for P-256; whatever there is for another kind. */
  readonly bytes: Uint8Array;

  constructor(kind: PublicKey["kind"], bytes: Uint8Array) {
    this.kind = kind;
    this.bytes = bytes;
  }

  get asymmetricKeyType(): string {
    return { ed25519: "ed25519", p256: "ec", other: "other" }[this.kind];
  }

  get asymmetricKeyDetails(): { namedCurve?: string } {
    return this.kind === "p256" ? { namedCurve: "prime256v1" } : {};
  }
}

const ED25519 = Buffer.from(derObjectId("1.3.101.112"));
const EC_PUBLIC_KEY = Buffer.from(derObjectId("1.2.840.10045.2.1"));
const PRIME256V1 = Buffer.from(derObjectId("1.2.840.10045.3.1.7"));
const ED25519_BYTES = 32;

/**
 * Reads a SubjectPublicKeyInfo. [RFC5280 s.4.1.2.7, RFC8410 s.4, RFC5480 s.2]
 * @throws Error when it is none, or holds no point of its curve
 */
export function readPublicKey(spki: Uint8Array): PublicKey {
  const [algorithm, bits] = readDer(readDer(spki)[0]?.contents ?? spki);
  const [id, parameters] = readDer(algorithm?.contents ?? spki);
  // The first byte of a bit string counts the bits of its last that mean nothing: none.
  const bytes = bits?.contents.subarray(1) ?? new Uint8Array();
  if (id !== undefined && ED25519.equals(id.bytes)) {
    if (bytes.length !== ED25519_BYTES) throw new RangeError("an Ed25519 key has 32 bytes");
    return new PublicKey("ed25519", bytes);
  }
  const isP256 = id !== undefined && EC_PUBLIC_KEY.equals(id.bytes) && PRIME256V1.equals(parameters?.bytes ?? id.bytes);
  if (!isP256) return new PublicKey("other", bytes);
  p256.Point.fromBytes(bytes).assertValidity();
  return new PublicKey("p256", bytes);
}
