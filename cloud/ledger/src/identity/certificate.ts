import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import type { Clock, Random, SigningKey } from "@gridpact/host";
import { isEnrollableKey } from "@gridpact/proto";
import {
  derBits,
  derElement,
  derInteger,
  derObjectId,
  derOctets,
  derSequence,
  derSet,
  derTime,
  derTrue,
  derUtf8,
  readDer,
} from "../wire/index.ts";
import { readCertificate } from "./certificate-reader.ts";
import type { NodeKind } from "./organisation.ts";
import type { P256Key } from "./p256-key.ts";

/** What an authority signs with: Ed25519, or P-256 where Fabric asks for it of a consenter's issuer as well. */
export type AuthorityKey = SigningKey | P256Key;

/** A certificate authority of one organisation: what can issue. */
export type Authority<K extends AuthorityKey = SigningKey> = { mspId: string; certificatePem: string; key: K };

/** Half-open, milliseconds since 1970; certificates count whole seconds. */
export type Validity = { notBeforeUnixMs: number; notAfterUnixMs: number };

/** What the bytes of a certificate depend on besides the request: serial numbers and the default validity. */
export type IssuingModules = { random: Random; clock: Clock };

/** An authority signs its own certificate with `key`, which has to be kept for everything that it issues. */
export type AuthorityRequest<K extends AuthorityKey> = {
  mspId: string;
  key: K;
  /** Its own name; `ca.MSP` unless an organisation has a second one. */
  commonName?: string;
  validity?: Validity;
};

/** Attributes are what contracts go by: whoever issues MUST have checked that the owner may have them. */
export type CertificateRequest = {
  authority: Authority<AuthorityKey>;
  commonName: string;
  /**
   * Ed25519, 32 bytes; or a P-256 key, which consenters of a Fabric network and the TLS of its nodes need. The caller
   * has checked that the requester possesses the private key.
   */
  publicKey: Uint8Array | KeyObject;
  kind: NodeKind;
  /** Attributes for contracts, such as role and deviceId; see the Fabric CA's attribute extension. */
  attributes?: Record<string, string>;
  /** DNS names and IPv4 addresses under which this is a TLS server; every certificate is good for a TLS client. */
  serverNames?: string[];
  validity?: Validity;
};

/** Makes an organisation's self-signed root certificate. */
export function issueAuthority<K extends AuthorityKey>(
  request: AuthorityRequest<K>,
  modules: IssuingModules,
): Authority<K> {
  const { mspId, key, commonName = `ca.${mspId}` } = request;
  const name = distinguishedName({ commonName, organisation: mspId });
  const certificatePem = signCertificate({
    serial: modules.random.bytes(SERIAL_BYTES),
    issuerDer: name,
    subjectDer: name,
    validity: request.validity ?? defaultValidity(modules.clock),
    publicKeyInfo: publicKeyInfoOf(key.publicKey),
    extensions: [
      extension(OID.BASIC_CONSTRAINTS, derSequence(derTrue()), true),
      extension(OID.KEY_USAGE, derBits(Uint8Array.of(KEY_USAGE_AUTHORITY), 1), true),
      extension(OID.SUBJECT_KEY_ID, derOctets(keyId(publicKeyInfoOf(key.publicKey)))),
    ],
    signer: key,
  });
  return { mspId, certificatePem, key };
}

/**
 * Issues the certificate of a node, person or device as PEM: same request, random and clock give the same bytes.
 * @throws RangeError when the key is of another kind, or one for which anyone could sign (small order, torsion).
 */
export function issueCertificate(request: CertificateRequest, modules: IssuingModules): string {
  const { authority, commonName, publicKey, kind } = request;
  const publicKeyInfo = publicKeyInfoOf(publicKey);
  return signCertificate({
    serial: modules.random.bytes(SERIAL_BYTES),
    issuerDer: readCertificate(authority.certificatePem).subjectDer,
    subjectDer: distinguishedName({ commonName, organisation: authority.mspId, unit: kind }),
    validity: request.validity ?? defaultValidity(modules.clock),
    publicKeyInfo,
    extensions: leafExtensions(request, publicKeyInfo),
    signer: authority.key,
  });
}

/** 16 random bytes: 127 bits that cannot be guessed, and less than a serial number may have. [RFC5280 s.4.1.2.2] */
const SERIAL_BYTES = 16;

/**
 * Long, because an accelerated clock may lie years before the machine's own, by which TLS checks the same
 * certificates; a deployment passes its own `validity`.
 */
const VALIDITY_YEARS_DEFAULT = 20;

const MS_PER_DAY = 86_400_000;

function defaultValidity(clock: Clock): Validity {
  const now = clock.nowUnixMs();
  // One day back: the clocks of those who check may be a little late.
  return { notBeforeUnixMs: now - MS_PER_DAY, notAfterUnixMs: now + VALIDITY_YEARS_DEFAULT * 365 * MS_PER_DAY };
}

const OID = {
  ED25519: "1.3.101.112",
  ECDSA_WITH_SHA256: "1.2.840.10045.4.3.2",
  COMMON_NAME: "2.5.4.3",
  ORGANISATION: "2.5.4.10",
  ORGANISATIONAL_UNIT: "2.5.4.11",
  SUBJECT_KEY_ID: "2.5.29.14",
  KEY_USAGE: "2.5.29.15",
  SUBJECT_ALTERNATIVE_NAME: "2.5.29.17",
  BASIC_CONSTRAINTS: "2.5.29.19",
  AUTHORITY_KEY_ID: "2.5.29.35",
  EXTENDED_KEY_USAGE: "2.5.29.37",
  ANY_PURPOSE: "2.5.29.37.0",
  SERVER_AUTH: "1.3.6.1.5.5.7.3.1",
  CLIENT_AUTH: "1.3.6.1.5.5.7.3.2",
  /** Attributes as the Fabric CA writes them. */
  FABRIC_ATTRIBUTES: "1.2.3.4.5.6.7.8.1",
} as const;

/** Bit 0 digitalSignature, 5 keyCertSign, 6 cRLSign. [RFC5280 s.4.2.1.3] */
const KEY_USAGE_AUTHORITY = 0b1000_0110;
const KEY_USAGE_LEAF = 0b1000_0000;

/** `SubjectPublicKeyInfo`. [RFC8410 s.4, RFC5480 s.2] */
function publicKeyInfoOf(publicKey: Uint8Array | KeyObject): Uint8Array {
  if (publicKey instanceof Uint8Array) {
    if (!isEnrollableKey(publicKey)) throw new RangeError("not an Ed25519 key that may be certified");
    return derSequence(derSequence(derObjectId(OID.ED25519)), derBits(publicKey));
  }
  if (publicKey.asymmetricKeyDetails?.namedCurve !== "prime256v1") throw new RangeError("not a P-256 key");
  return publicKey.export({ format: "der", type: "spki" });
}

function leafExtensions(request: CertificateRequest, publicKeyInfo: Uint8Array): Uint8Array[] {
  const { authority, serverNames = [], attributes } = request;
  // Fabric verifies its members' certificates with Go's defaults, which ask for a server's or for any purpose. OpenSSL
  // does not take "any" for a server's, so a device named like a server still cannot be one.
  const purposes = [derObjectId(OID.CLIENT_AUTH), derObjectId(OID.ANY_PURPOSE)];
  if (serverNames.length > 0) purposes.push(derObjectId(OID.SERVER_AUTH));
  const extensions = [
    extension(OID.BASIC_CONSTRAINTS, derSequence(), true),
    extension(OID.KEY_USAGE, derBits(Uint8Array.of(KEY_USAGE_LEAF), 7), true),
    extension(OID.EXTENDED_KEY_USAGE, derSequence(...purposes)),
    extension(OID.SUBJECT_KEY_ID, derOctets(keyId(publicKeyInfo))),
    extension(OID.AUTHORITY_KEY_ID, derSequence(derElement(0x80, keyId(publicKeyInfoOf(authority.key.publicKey))))),
  ];
  if (serverNames.length > 0) extensions.push(alternativeNames(serverNames));
  if (attributes !== undefined) extensions.push(attributesExtension(attributes));
  return extensions;
}

function attributesExtension(attributes: Record<string, string>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([left], [right]) => (left < right ? -1 : 1)));
  // The contents are JSON as they are, without a string type around them: that is how the Fabric CA does it.
  return extension(OID.FABRIC_ATTRIBUTES, Buffer.from(JSON.stringify({ attrs: sorted })));
}

function alternativeNames(names: string[]): Uint8Array {
  const entries = names.map((name) => {
    const isIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
    return isIpv4
      ? derElement(0x87, Uint8Array.from(name.split(".").map(Number)))
      : derElement(0x82, Buffer.from(name, "ascii"));
  });
  return extension(OID.SUBJECT_ALTERNATIVE_NAME, derSequence(...entries));
}

function extension(objectId: string, contents: Uint8Array, isCritical = false): Uint8Array {
  const id = derObjectId(objectId);
  return isCritical ? derSequence(id, derTrue(), derOctets(contents)) : derSequence(id, derOctets(contents));
}

/** Leftmost 160 bits of the key's SHA-256. [RFC7093 s.2] */
function keyId(publicKeyInfo: Uint8Array): Uint8Array {
  const [, bits] = readDer(readDer(publicKeyInfo)[0]?.contents ?? publicKeyInfo);
  // The first byte of a bit string says how many bits of its last are of no meaning: none.
  return createHash("sha256")
    .update(bits?.contents.subarray(1) ?? publicKeyInfo)
    .digest()
    .subarray(0, 20);
}

function distinguishedName(name: { commonName: string; organisation: string; unit?: string }): Uint8Array {
  const part = (objectId: string, text: string) => derSet(derSequence(derObjectId(objectId), derUtf8(text)));
  const parts = [part(OID.ORGANISATION, name.organisation)];
  if (name.unit !== undefined) parts.push(part(OID.ORGANISATIONAL_UNIT, name.unit));
  return derSequence(...parts, part(OID.COMMON_NAME, name.commonName));
}

type ToBeSigned = {
  serial: Uint8Array;
  issuerDer: Uint8Array;
  subjectDer: Uint8Array;
  validity: Validity;
  publicKeyInfo: Uint8Array;
  extensions: Uint8Array[];
  signer: AuthorityKey;
};

/** Version 3 certificate. [RFC5280 s.4.1, RFC8410, RFC5758 s.3.2] */
function signCertificate(parts: ToBeSigned): string {
  const isEd25519 = parts.signer.publicKey instanceof Uint8Array;
  const algorithm = derSequence(derObjectId(isEd25519 ? OID.ED25519 : OID.ECDSA_WITH_SHA256));
  const { notBeforeUnixMs, notAfterUnixMs } = parts.validity;
  const toBeSigned = derSequence(
    derElement(0xa0, derInteger(2n)),
    derInteger(BigInt(`0x${Buffer.from(parts.serial).toString("hex")}`) >> 1n),
    algorithm,
    parts.issuerDer,
    derSequence(derTime(notBeforeUnixMs), derTime(notAfterUnixMs)),
    parts.subjectDer,
    parts.publicKeyInfo,
    derElement(0xa3, derSequence(...parts.extensions)),
  );
  const certificate = derSequence(toBeSigned, algorithm, derBits(parts.signer.sign(toBeSigned)));
  return new X509Certificate(certificate).toString();
}
