import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Fingerprint, fingerprintOf, type SigningIdentity } from "../signature/index.ts";

/** One party's certificate and key, and the authority it trusts, all PEM. */
export interface TlsMaterial {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly caPem: string;
}

/** The cipher suites the profile names, plus those of TLS 1.3; all have forward secrecy or are demanded [OADR2.0b]. */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-SHA256",
  "ECDHE-RSA-AES128-SHA256",
  "AES128-SHA256",
].join(":");

/** What TLS needs on either side: both parties show a certificate, nothing older than TLS 1.2. */
export function tlsOptions({ certificatePem, privateKeyPem, caPem }: TlsMaterial) {
  return {
    cert: certificatePem,
    key: privateKeyPem,
    ca: caPem,
    minVersion: "TLSv1.2",
    ciphers: CIPHERS,
  } as const;
}

/** The same certificate and key as identity in XML signatures: the profile wants one for both. */
export function signingIdentity({ certificatePem, privateKeyPem }: TlsMaterial): SigningIdentity {
  return {
    privateKey: createPrivateKey(privateKeyPem),
    certificateBase64: new X509Certificate(certificatePem).raw.toString("base64"),
  };
}

/** The OpenADR fingerprint of the certificate that the other end of a connection showed. */
export function socketFingerprint(socket: object): Fingerprint | undefined {
  if (!("getPeerX509Certificate" in socket) || typeof socket.getPeerX509Certificate !== "function") return undefined;
  const certificate: unknown = socket.getPeerX509Certificate();
  return certificate instanceof X509Certificate ? fingerprintOf(certificate) : undefined;
}
