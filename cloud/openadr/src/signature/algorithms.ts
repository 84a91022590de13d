import { createHash, type KeyObject, sign, verify } from "node:crypto";
import type { HashAlgorithm, SignatureAlgorithm } from "xml-crypto";

/** Inclusive Canonical XML 1.0 without comments: the only canonicalisation the profile allows [OADR2.0b]. */
export const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/** The only algorithms that are written or taken; anything older is refused by its name [OADR2.0b]. */
export const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
/** [RFC 6931 s.2.3.2] */
export const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
/** [RFC 6931 s.2.3.6] */
export const ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

/** What the profile demands of an RSA key; shorter ones are refused [OADR2.0b]. */
const MIN_RSA_BITS = 2048;

/** The signature algorithm a key calls for, or undefined for a key the profile does not allow. */
export function algorithmOf(key: KeyObject): typeof RSA_SHA256 | typeof ECDSA_SHA256 | undefined {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === "rsa" && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) return RSA_SHA256;
  if (key.asymmetricKeyType === "ec" && details?.namedCurve === "prime256v1") return ECDSA_SHA256;
  return undefined;
}

/** XMLDSig writes an ECDSA signature as r and s of fixed length, not as DER [RFC 6931 s.2.3.6]. */
const P256_ENCODING = { dsaEncoding: "ieee-p1363" } as const;

/** Signs octets and returns the base64 `SignatureValue`. The key MUST be one that `algorithmOf` knows. */
export function signOctets(octets: string, key: KeyObject): string {
  return sign("sha256", Buffer.from(octets), { key, ...P256_ENCODING }).toString("base64");
}

/** A `DigestValue`, of canonical XML in UTF-8. */
export function sha256Base64(octets: string): string {
  return createHash("sha256").update(octets).digest("base64");
}

/**
 * The verifying half in the shape xml-crypto asks for. The key is bound when the class is made, from a certificate
 * that was checked already, so no key that a message carries can reach a primitive it was not made for.
 */
export function verifierFor(name: string, key: KeyObject): new () => SignatureAlgorithm {
  return class {
    getAlgorithmName = () => name;
    getSignature = () => {
      throw new Error("this object only verifies");
    };
    verifySignature = (octets: unknown, _key: unknown, value: unknown) =>
      verify("sha256", Buffer.from(String(octets)), { key, ...P256_ENCODING }, Buffer.from(String(value), "base64"));
  } as new () => SignatureAlgorithm;
}

/** SHA-256 in the shape xml-crypto asks for. */
export class Sha256 implements HashAlgorithm {
  getAlgorithmName = () => SHA256;
  getHash = (xml: string) => sha256Base64(xml);
}
