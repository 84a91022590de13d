import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";

/**
 * A throw-away certificate authority for tests, written as plain DER: node:crypto reads certificates but cannot make
 * them. All dates are far around any clock a test may use.
 */

export type KeyKind = "rsa" | "p256" | "rsa1024";

export interface TestIdentity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
  readonly certificateBase64: string;
}

export interface TestPki {
  readonly caPem: string;
  /** A certificate that is good for a server on loopback and for a client alike. */
  issue(name: string, kind?: KeyKind): TestIdentity;
}

export function createTestPki(name = "Test CA"): TestPki {
  const caKey = generateKey("p256");
  const ca = certify({ subject: name, publicKey: createPublicKey(caKey), issuer: name, issuerKey: caKey, isCa: true });
  return {
    caPem: toPem(ca),
    issue(subject, kind = "p256") {
      const privateKey = generateKey(kind);
      const publicKey = createPublicKey(privateKey);
      const der = certify({ subject, publicKey, issuer: name, issuerKey: caKey, isCa: false });
      return {
        certificatePem: toPem(der),
        privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        privateKey,
        certificate: new X509Certificate(der),
        certificateBase64: der.toString("base64"),
      };
    },
  };
}

function generateKey(kind: KeyKind): KeyObject {
  if (kind === "p256") return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
  return generateKeyPairSync("rsa", { modulusLength: kind === "rsa" ? 2048 : 1024 }).privateKey;
}

interface Certification {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly isCa: boolean;
}

const OID = {
  commonName: [0x55, 0x04, 0x03],
  basicConstraints: [0x55, 0x1d, 0x13],
  subjectAltName: [0x55, 0x1d, 0x11],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const;

const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, sequence: 0x30, set: 0x31, time: 0x17 } as const;

/** RFC 5280 s.4.1: version 3, random serial, ECDSA by the authority. */
function certify({ subject, publicKey, issuer, issuerKey, isCa }: Certification): Buffer {
  const algorithm = der(TAG.sequence, der(TAG.oid, OID.ecdsaWithSha256));
  const validity = der(TAG.sequence, der(TAG.time, ascii("200101000000Z")), der(TAG.time, ascii("490101000000Z")));
  const body = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, [2])),
    der(TAG.integer, [0x40, ...randomBytes(8)]),
    algorithm,
    distinguishedName(issuer),
    validity,
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(TAG.sequence, isCa ? caExtension() : loopbackExtension())),
  );
  return der(TAG.sequence, body, algorithm, der(TAG.bits, [0], sign("sha256", body, issuerKey)));
}

function caExtension(): Buffer {
  const constraints = der(TAG.sequence, der(1, [0xff]));
  return der(TAG.sequence, der(TAG.oid, OID.basicConstraints), der(1, [0xff]), der(TAG.octets, constraints));
}

function loopbackExtension(): Buffer {
  const names = der(TAG.sequence, der(0x82, ascii("localhost")), der(0x87, [127, 0, 0, 1]));
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
