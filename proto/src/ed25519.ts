import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "./signing.ts";

/** A signature that the owner of a key is said to have made. */
export type SignatureClaim = {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

/**
 * Says whether a signature is one under ZIP-215. A parameter wherever many are verified, so that a host may hand in a
 * faster one; whatever implements it MUST give the verdict of `verifyZip215` for every input.
 */
export type SignatureVerifier = {
  (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Whether all of them hold; only there when many at once cost less than each by itself. */
  readonly all?: (claims: readonly SignatureClaim[]) => boolean;
};

/**
 * Verifies an Ed25519 signature under the one rule set of the system, ZIP-215, so that device, engine, contract
 * and auditor can never disagree. OpenSSL's stricter rules accept a subset of ZIP-215, hence an acceptance by
 * node:crypto is final and only its rejections are asked again (measured 2-4x faster than the curve library alone).
 */
export function verifyZip215(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  if (verify(null, message, keyObject(publicKey), signature)) return true;
  return ed25519.verify(signature, message, publicKey, { zip215: true });
}

/**
 * Says whether a public key may be enrolled: a canonical encoding of a torsion-free point that is not of small order.
 * Under ZIP-215 a small-order key would let anyone make signatures that verify for almost any message.
 */
export function isEnrollableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return false;
  try {
    const point = ed25519.Point.fromBytes(publicKey);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false; // Not the encoding of a curve point: the library's only way to say so is to throw.
  }
}

/** SubjectPublicKeyInfo header of an Ed25519 key. [RFC8410 s.4] */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** Parsed keys kept: one per device of a large VN. Parsing costs as much as a third of a verification. */
const KEY_CACHE_MAX = 16_384;
const keyCache = new Map<string, KeyObject>();

function keyObject(publicKey: Uint8Array): KeyObject {
  const id = Buffer.from(publicKey).toString("latin1");
  const cached = keyCache.get(id);
  if (cached !== undefined) return cached;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
  if (keyCache.size >= KEY_CACHE_MAX) keyCache.delete(keyCache.keys().next().value ?? "");
  keyCache.set(id, key);
  return key;
}
