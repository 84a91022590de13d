/**
 * The part of `node:crypto` that verification uses, for browsers: a build puts it in that module's place, so that the
 * verifying code itself is the same everywhere. WebCrypto would answer later instead of at once, which would run
 * through every function up to the contract's own rules; the curve library answers at once. A test holds both against
 * each other.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { type PublicKey, readPublicKey } from "./public-key.ts";

export { PublicKey as KeyObject } from "./public-key.ts";
export { verify } from "./signatures.ts";
export { X509Certificate } from "./x509-certificate.ts";

type Encoding = "hex" | "base64";

/** A SHA-256 that is fed piece by piece. */
class Sha256 {
  readonly #state = sha256.create();

  update(data: Uint8Array | string): this {
    this.#state.update(bytesOf(data));
    return this;
  }

  digest(): Buffer;
  digest(encoding: Encoding): string;
  digest(encoding?: Encoding): Buffer | string {
    const digest = Buffer.from(this.#state.digest());
    return encoding === undefined ? digest : digest.toString(encoding);
  }
}

/** @throws RangeError for any hash but SHA-256 */
export function createHash(algorithm: string): Sha256 {
  if (algorithm !== "sha256") throw new RangeError(`there is no ${algorithm} here`);
  return new Sha256();
}

/** A digest in one call, as bytes or as text. */
export function hash(algorithm: string, data: Uint8Array | string, encoding: "buffer"): Buffer;
export function hash(algorithm: string, data: Uint8Array | string, encoding: Encoding): string;
export function hash(algorithm: string, data: Uint8Array | string, encoding: "buffer" | Encoding): Buffer | string {
  const digest = createHash(algorithm).update(data);
  return encoding === "buffer" ? digest.digest() : digest.digest(encoding);
}

/** @throws Error when the bytes are no SubjectPublicKeyInfo */
export function createPublicKey({ key }: { key: Uint8Array; format: "der"; type: "spki" }): PublicKey {
  return readPublicKey(key);
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
