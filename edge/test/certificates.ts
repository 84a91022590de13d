import type { SigningKey } from "@gridpact/host";

/**
 * X.509 certificates for tests, byte by byte: Node makes none, and this package needs no library for it otherwise.
 * Ed25519 only. [RFC5280 s.4.1] [RFC8410]
 */
export type TestCertificate = { pem: string; keyPem: string };

/** An authority that signs itself, and leaves below it. Leaves serve `127.0.0.1` and connect as `commonName`. */
export function makeAuthority(key: SigningKey): {
  certificate: TestCertificate;
  issue: (commonName: string, publicKey: Uint8Array) => string;
} {
  const issue = (commonName: string, publicKey: Uint8Array, isAuthority = false) =>
    toPem("CERTIFICATE", certificateDer({ commonName, publicKey, issuer: key, isAuthority }));
  return {
    certificate: { pem: issue(AUTHORITY_NAME, key.publicKey, true), keyPem: keyPem(key) },
    issue: (commonName, publicKey) => issue(commonName, publicKey),
  };
}

export function keyPem(key: SigningKey): string {
  return key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

const AUTHORITY_NAME = "test authority";

const TAG = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  UTF8: 0x0c,
  UTC: 0x17,
  SEQUENCE: 0x30,
  SET: 0x31,
};
const ED25519 = der(TAG.SEQUENCE, der(TAG.OID, Buffer.from("2b6570", "hex")));
const COMMON_NAME = der(TAG.OID, Buffer.from("550403", "hex"));

function certificateDer(options: {
  commonName: string;
  publicKey: Uint8Array;
  issuer: SigningKey;
  isAuthority: boolean;
}): Buffer {
  const { commonName, publicKey, issuer, isAuthority } = options;
  const tbs = der(
    TAG.SEQUENCE,
    der(0xa0, der(TAG.INTEGER, Buffer.from([2]))),
    der(TAG.INTEGER, Buffer.concat([Buffer.from([1]), publicKey.subarray(0, 8)])),
    ED25519,
    name(AUTHORITY_NAME),
    der(TAG.SEQUENCE, der(TAG.UTC, Buffer.from("200101000000Z")), der(TAG.UTC, Buffer.from("491231235959Z"))),
    name(commonName),
    der(TAG.SEQUENCE, ED25519, bitString(publicKey)),
    der(0xa3, der(TAG.SEQUENCE, isAuthority ? AUTHORITY_EXTENSION : LEAF_EXTENSION)),
  );
  return der(TAG.SEQUENCE, tbs, ED25519, bitString(issuer.sign(tbs)));
}

/** basicConstraints: CA true. */
const AUTHORITY_EXTENSION = extension("551d13", Buffer.from("30030101ff", "hex"));

/** subjectAltName: the loopback address. */
const LEAF_EXTENSION = extension("551d11", der(TAG.SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1]))));

function extension(oidHex: string, value: Buffer): Buffer {
  return der(TAG.SEQUENCE, der(TAG.OID, Buffer.from(oidHex, "hex")), der(TAG.OCTET_STRING, value));
}

function name(commonName: string): Buffer {
  return der(TAG.SEQUENCE, der(TAG.SET, der(TAG.SEQUENCE, COMMON_NAME, der(TAG.UTF8, Buffer.from(commonName)))));
}

function bitString(bytes: Uint8Array): Buffer {
  return der(TAG.BIT_STRING, Buffer.concat([Buffer.from([0]), bytes]));
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length;
  const header =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), content]);
}

function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
