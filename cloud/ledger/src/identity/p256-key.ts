import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Random } from "@gridpact/host";
import { derInteger, derSequence, readDer } from "../wire/index.ts";

/** Order of the group of P-256. [SEC2 s.2.4.2] */
const P256_ORDER = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/** Bytes of a private key. */
const P256_SCALAR_BYTES = 32;

/** A P-256 key that signs as Fabric asks for: ECDSA with SHA-256, the smaller of the two possible S. */
export type P256Key = {
  publicKey: KeyObject;
  privateKey: KeyObject;
  sign(message: Uint8Array): Uint8Array;
};

/** What signs with a private key of the curve. */
export function p256KeyOf(privateKey: KeyObject): P256Key {
  return {
    publicKey: createPublicKey(privateKey),
    privateKey,
    sign: (message) => withLowS(sign("sha256", message, privateKey)),
  };
}

/** A key made of the given random alone: same random, same key. Its signatures still differ from each other. */
export function p256KeyFrom(random: Random): P256Key {
  const pair = createECDH("prime256v1");
  // 32 random bytes are no scalar of the group, and so refused, once in 2^32.
  pair.setPrivateKey(random.bytes(P256_SCALAR_BYTES));
  // Uncompressed: a byte 4, then both coordinates.
  const [x, y] = [pair.getPublicKey().subarray(1, 33), pair.getPublicKey().subarray(33)];
  const url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const key = { kty: "EC", crv: "P-256", x: url(x), y: url(y), d: url(pair.getPrivateKey()) } as const;
  return p256KeyOf(createPrivateKey({ format: "jwk", key }));
}

/** Of the two signatures (r, s) and (r, -s) Fabric takes the one with the smaller s, so that nobody can change it. */
function withLowS(signature: Uint8Array): Uint8Array {
  const [r, s] = readDer(readDer(signature)[0]?.contents ?? signature).map(({ contents }) =>
    BigInt(`0x${Buffer.from(contents).toString("hex")}`),
  );
  if (r === undefined || s === undefined) throw new TypeError("not an ECDSA signature");
  return derSequence(derInteger(r), derInteger(s > P256_ORDER / 2n ? P256_ORDER - s : s));
}
