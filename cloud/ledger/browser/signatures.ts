import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";
import type { PublicKey } from "./public-key.ts";

/** Ed25519 over the message, or ECDSA P-256 over its SHA-256; a key of another kind verifies nothing. */
export function verify(
  algorithm: "sha256" | null,
  message: Uint8Array,
  { kind, bytes }: PublicKey,
  signature: Uint8Array,
): boolean {
  if (algorithm === null) return kind === "ed25519" && isEd25519Signature(bytes, message, signature);
  return kind === "p256" && isP256Signature(bytes, message, signature);
}

const ED25519_SIGNATURE_BYTES = 64;
const POINT_BYTES = 32;

/**
 * The equation without a factor of eight, R compared byte by byte, neither key nor R of small order: the rule of
 * OpenSSL 3.5. [RFC8032 s.5.1.7; the last by its verdicts on the public vectors] The library's own `verify` knows the
 * rule with the factor only, by which more signatures hold.
 */
function isEd25519Signature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES) return false;
  const { Point } = ed25519;
  const r = signature.subarray(0, POINT_BYTES);
  const s = littleEndian(signature.subarray(POINT_BYTES));
  if (s >= Point.Fn.ORDER) return false;
  const a = pointOrNone(publicKey);
  if (a === undefined || a.isSmallOrder()) return false;
  const k = Point.Fn.create(littleEndian(sha512(Buffer.concat([r, publicKey, message]))));
  const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return !expected.isSmallOrder() && Buffer.compare(expected.toBytes(), r) === 0;
}

/** OpenSSL takes coordinates beyond the prime, as the more lenient reading of the library does. */
function pointOrNone(publicKey: Uint8Array) {
  try {
    return ed25519.Point.fromBytes(publicKey, true);
  } catch {
    return undefined; // The library's only way to say that there is no such point is to throw.
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

/** Either of the two values of s: which one counts is for the caller to say, as with OpenSSL. */
function isP256Signature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, publicKey, { format: "der", lowS: false });
  } catch {
    return false; // Bytes that are no signature: the library throws, OpenSSL says that they do not hold.
  }
}
