import { createHash } from "node:crypto";
import type { SeededRandom } from "@gridpact/host";
import { ed25519 } from "@noble/curves/ed25519.js";

/** A signature to be verified, well-formed or not. */
export type SignatureCase = { key: Uint8Array; message: Uint8Array; signature: Uint8Array };

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;
const { ORDER } = Point.Fn;
const POINT_BYTES = 32;

/** The eight points of small order: multiples of one of order 8. */
const TORSION: CurvePoint[] = multiples(
  Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
);

/**
 * Encodings of points of small order that ZIP-215 takes and RFC 8032 does not: y = 1, p - 1, p and p + 1 with either
 * sign bit where the canonical encoding has another.
 */
const NON_CANONICAL: Uint8Array[] = [
  `01${"00".repeat(30)}80`,
  `ec${"ff".repeat(30)}ff`,
  `ed${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}ff`,
  `ee${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}ff`,
].map((hex) => new Uint8Array(Buffer.from(hex, "hex")));

/** Keys of one generator: making one costs as much as making a signature. */
const KEYS = 64;

type Key = { secret: bigint; encoded: Uint8Array };

/**
 * Makes signatures on and around the edges of the rule set: torsion components on A and on R, points of small order,
 * non-canonical encodings, s at and beyond the group order, and changed bits. The same seed makes the same cases.
 */
export class TorsionCases {
  readonly #random: SeededRandom;
  readonly #keys: Key[];

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#keys = Array.from({ length: KEYS }, (_, index) => this.#makeKey(TORSION[index % 8] ?? Point.ZERO));
  }

  next(): SignatureCase {
    const random = this.#random;
    const message = random.bytes(random.below(200));
    const key = this.#keys[random.below(KEYS)] as Key;
    switch (random.below(8)) {
      case 0:
        return this.#smallOrderCase(message);
      case 1:
        return this.#withLargeResponse(this.#signed(key, message));
      case 2:
        return this.#withChangedBit(this.#signed(key, message));
      case 3:
        // R of small order under a key that is not: s must answer for k alone.
        return signedWith(key, message, { nonce: 0n, commitment: this.#smallOrderEncoding() });
      default:
        return this.#signed(key, message);
    }
  }

  /** Valid under ZIP-215 whatever the torsion: the cofactor takes it out. */
  #signed(key: Key, message: Uint8Array): SignatureCase {
    const nonce = this.#scalar();
    const torsion = TORSION[this.#random.below(8)] ?? Point.ZERO;
    return signedWith(key, message, { nonce, commitment: Point.BASE.multiply(nonce).add(torsion).toBytes() });
  }

  /** Key and R of small order: valid for any message if s is 0, and for no other s. */
  #smallOrderCase(message: Uint8Array): SignatureCase {
    const response = this.#random.chance(500) ? 0n : this.#scalar();
    const signature = joined(this.#smallOrderEncoding(), littleEndian(response));
    return { key: this.#smallOrderEncoding(), message, signature };
  }

  #smallOrderEncoding(): Uint8Array {
    const pick = this.#random.below(TORSION.length + NON_CANONICAL.length);
    return TORSION[pick]?.toBytes() ?? (NON_CANONICAL[pick - TORSION.length] as Uint8Array);
  }

  /** s + L or s + 2L, which mean the same scalar and MUST be refused, or the order itself. */
  #withLargeResponse({ key, message, signature }: SignatureCase): SignatureCase {
    const response = fromLittleEndian(signature.subarray(POINT_BYTES));
    const larger = this.#random.chance(100) ? ORDER : response + BigInt(1 + this.#random.below(2)) * ORDER;
    return { key, message, signature: joined(signature.subarray(0, POINT_BYTES), littleEndian(larger)) };
  }

  /** Anywhere: the key, R, s or the message. A changed key or R is a curve point half of the time. */
  #withChangedBit({ key, message, signature }: SignatureCase): SignatureCase {
    const changed = { key: new Uint8Array(key), message: new Uint8Array(message), signature };
    changed.signature = new Uint8Array(signature);
    const parts = [changed.key, changed.message, changed.signature].filter((part) => part.length > 0);
    const part = parts[this.#random.below(parts.length)] as Uint8Array;
    const at = this.#random.below(part.length);
    part[at] = (part[at] ?? 0) ^ (1 << this.#random.below(8));
    return changed;
  }

  #makeKey(torsion: CurvePoint): Key {
    const secret = this.#scalar();
    return { secret, encoded: Point.BASE.multiply(secret).add(torsion).toBytes() };
  }

  #scalar(): bigint {
    return 1n + (fromLittleEndian(this.#random.bytes(40)) % (ORDER - 1n));
  }
}

function signedWith(
  key: Key,
  message: Uint8Array,
  { nonce, commitment }: { nonce: bigint; commitment: Uint8Array },
): SignatureCase {
  const digest = createHash("sha512").update(commitment).update(key.encoded).update(message).digest();
  const response = (nonce + (fromLittleEndian(digest) % ORDER) * key.secret) % ORDER;
  return { key: key.encoded, message, signature: joined(commitment, littleEndian(response)) };
}

function multiples(point: CurvePoint): CurvePoint[] {
  const points = [Point.ZERO];
  for (let count = 1; count < 8; count++) points.push((points.at(-1) ?? Point.ZERO).add(point));
  return points;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([left, right]));
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

function littleEndian(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * POINT_BYTES, "0"), "hex").reverse());
}
