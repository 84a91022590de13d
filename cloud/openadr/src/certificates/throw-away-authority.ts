import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** A certificate with its private key, both PEM. */
export interface IssuedCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** An authority that lives as long as this object: its key is never written anywhere. */
export interface ThrowAwayAuthority {
  readonly caPem: string;
  /**
   * A certificate that is good for a client, for signatures and, under `serverNames` (DNS names and IPv4 addresses),
   * for a server. Without a key of one's own it gets a new one on P-256.
   */
  issue(subject: string, options?: { serverNames?: readonly string[]; privateKey?: KeyObject }): IssuedCertificate;
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1"] as const;

/**
 * Certificates for trying OpenADR out, for tests and demonstrations; a deployment gets its own from the authority of
 * its programme. Written as plain DER: node:crypto reads certificates but cannot make them.
 */
export function createThrowAwayAuthority(name: string): ThrowAwayAuthority {
  const issuerKey = newP256Key();
  const ca = certify({
    subject: name,
    publicKey: createPublicKey(issuerKey),
    issuer: name,
    issuerKey,
    names: undefined,
  });
  return {
    caPem: toPem(ca),
    issue(subject, { serverNames = LOOPBACK_NAMES, privateKey = newP256Key() } = {}) {
      const publicKey = createPublicKey(privateKey);
      const certificate = certify({ subject, publicKey, issuer: name, issuerKey, names: serverNames });
      return {
        certificatePem: toPem(certificate),
        privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

function newP256Key(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
}

interface Certification {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  /** Of a server; absent: the authority's own certificate. */
  readonly names: readonly string[] | undefined;
}

const OID = {
  commonName: [0x55, 0x04, 0x03],
  basicConstraints: [0x55, 0x1d, 0x13],
  subjectAltName: [0x55, 0x1d, 0x11],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const;

const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, sequence: 0x30, set: 0x31, time: 0x17 } as const;

/** From 2020 to 2049, around any clock that a demonstration may run by: UTCTime ends there [RFC5280 s.4.1.2.5.1]. */
const NOT_BEFORE = "200101000000Z";
const NOT_AFTER = "490101000000Z";

/** RFC 5280 s.4.1: version 3, random serial, ECDSA by the authority. */
function certify({ subject, publicKey, issuer, issuerKey, names }: Certification): Buffer {
  const algorithm = der(TAG.sequence, der(TAG.oid, OID.ecdsaWithSha256));
  const validity = der(TAG.sequence, der(TAG.time, ascii(NOT_BEFORE)), der(TAG.time, ascii(NOT_AFTER)));
  const body = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, [2])),
    // The first byte keeps the number positive and 9 bytes long.
    der(TAG.integer, [0x40, ...randomBytes(8)]),
    algorithm,
    distinguishedName(issuer),
    validity,
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(TAG.sequence, names === undefined ? caExtension() : namesExtension(names))),
  );
  return der(TAG.sequence, body, algorithm, der(TAG.bits, [0], sign("sha256", body, issuerKey)));
}

function caExtension(): Buffer {
  const constraints = der(TAG.sequence, der(1, [0xff]));
  return der(TAG.sequence, der(TAG.oid, OID.basicConstraints), der(1, [0xff]), der(TAG.octets, constraints));
}

function namesExtension(serverNames: readonly string[]): Buffer {
  const entries = serverNames.map((name) =>
    isIPv4(name) ? der(0x87, name.split(".").map(Number)) : der(0x82, ascii(name)),
  );
  const names = der(TAG.sequence, ...entries);
  return der(TAG.sequence, der(TAG.oid, OID.subjectAltName), der(TAG.octets, names));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der(TAG.sequence, der(TAG.oid, OID.commonName), der(TAG.utf8, Buffer.from(commonName)));
  return der(TAG.sequence, der(TAG.set, attribute));
}

function der(tag: number, ...content: (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "ascii");
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
