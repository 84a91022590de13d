import { createHash, X509Certificate } from "node:crypto";

/** OpenADR shortens the digest to this many bytes, taken from its end [OADR2.0b]. */
const FINGERPRINT_BYTES = 10;

declare const brand: unique symbol;

/** Ten bytes in upper-case hexadecimal with colons, such as `4A:CD:…`. */
export type Fingerprint = string & { readonly [brand]: "Fingerprint" };

/** The OpenADR fingerprint of a certificate: the last 10 bytes of the SHA-256 of its DER form. */
export function fingerprintOf(certificate: X509Certificate): Fingerprint {
  const digest = createHash("sha256").update(certificate.raw).digest();
  const tail = digest.subarray(-FINGERPRINT_BYTES).toString("hex").toUpperCase();
  return (tail.match(/../g) ?? []).join(":") as Fingerprint;
}

/** The fingerprint of a certificate in PEM or DER. Throws when it is no certificate. */
export function certificateFingerprint(certificate: string | Uint8Array): Fingerprint {
  return fingerprintOf(new X509Certificate(certificate));
}

/** Reads a fingerprint as people type it (any case, with or without colons); undefined when it is none. */
export function parseFingerprint(text: string): Fingerprint | undefined {
  const digits = text.replaceAll(":", "").toUpperCase();
  if (!/^[0-9A-F]{20}$/.test(digits)) return undefined;
  return (digits.match(/../g) ?? []).join(":") as Fingerprint;
}
