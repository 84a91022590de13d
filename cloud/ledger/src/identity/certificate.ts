import { createHash, X509Certificate } from "node:crypto";
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
} from "../wire/index.ts";
import { readCertificate } from "./certificate-reader.ts";
import type { NodeKind } from "./organisation.ts";

/** A certificate authority of one organisation: what can issue. */
export type Authority = { mspId: string; certificatePem: string; key: SigningKey };

/** Half-open, milliseconds since 1970; certificates count whole seconds. */
export type Validity = { notBeforeUnixMs: number; notAfterUnixMs: number };

/** What the bytes of a certificate depend on besides the request: serial numbers and the default validity. */
export type IssuingModules = { random: Random; clock: Clock };

export type AuthorityRequest = { mspId: string; key: SigningKey; validity?: Validity };

export type CertificateRequest = {
  authority: Authority;
  commonName: string;
  /** Ed25519, 32 bytes. The caller has checked that the requester possesses the private key. */
  publicKey: Uint8Array;
  kind: NodeKind;
  /** Attributes for contracts, such as role and deviceId; see the Fabric CA's attribute extension. */
  attributes?: Record<string, string>;
  /** DNS names and IPv4 addresses under which this is a TLS server; every certificate is good for a TLS client. */
  serverNames?: string[];
  validity?: Validity;
};

/** Makes an organisation's self-signed root certificate. */
export function issueAuthority(request: AuthorityRequest, modules: IssuingModules): Authority {
  const { mspId, key } = request;
  const name = distinguishedName({ commonName: `ca.${mspId}`, organisation: mspId });
  const certificatePem = signCertificate({
    serial: modules.random.bytes(SERIAL_BYTES),
    issuerDer: name,
    subjectDer: name,
    validity: request.validity ?? defaultValidity(modules.clock),
    publicKey: key.publicKey,
    extensions: [
      extension(OID.BASIC_CONSTRAINTS, derSequence(derTrue()), true),
      extension(OID.KEY_USAGE, derBits(Uint8Array.of(KEY_USAGE_AUTHORITY), 1), true),
      extension(OID.SUBJECT_KEY_ID, derOctets(keyId(key.publicKey))),
    ],
    signer: key,
  });
  return { mspId, certificatePem, key };
}

/**
 * Issues the certificate of a node, person or device as PEM: same request, random and clock give the same bytes.
 * @throws RangeError when the key is no Ed25519 key, or one for which anyone could sign (small order, torsion).
 */
export function issueCertificate(request: CertificateRequest, modules: IssuingModules): string {
  const { authority, commonName, publicKey, kind } = request;
  if (!isEnrollableKey(publicKey)) throw new RangeError("not an Ed25519 key that may be certified");
  return signCertificate({
    serial: modules.random.bytes(SERIAL_BYTES),
    issuerDer: readCertificate(authority.certificatePem).subjectDer,
    subjectDer: distinguishedName({ commonName, organisation: authority.mspId, unit: kind }),
    validity: request.validity ?? defaultValidity(modules.clock),
    publicKey,
    extensions: leafExtensions(request),
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
  COMMON_NAME: "2.5.4.3",
  ORGANISATION: "2.5.4.10",
  ORGANISATIONAL_UNIT: "2.5.4.11",
  SUBJECT_KEY_ID: "2.5.29.14",
  KEY_USAGE: "2.5.29.15",
  SUBJECT_ALTERNATIVE_NAME: "2.5.29.17",
  BASIC_CONSTRAINTS: "2.5.29.19",
  AUTHORITY_KEY_ID: "2.5.29.35",
  EXTENDED_KEY_USAGE: "2.5.29.37",
  SERVER_AUTH: "1.3.6.1.5.5.7.3.1",
  CLIENT_AUTH: "1.3.6.1.5.5.7.3.2",
  /** Attributes as the Fabric CA writes them. */
  FABRIC_ATTRIBUTES: "1.2.3.4.5.6.7.8.1",
} as const;

/** Bit 0 digitalSignature, 5 keyCertSign, 6 cRLSign. [RFC5280 s.4.2.1.3] */
const KEY_USAGE_AUTHORITY = 0b1000_0110;
const KEY_USAGE_LEAF = 0b1000_0000;

function leafExtensions(request: CertificateRequest): Uint8Array[] {
  const { authority, publicKey, serverNames = [], attributes } = request;
  const purposes = [derObjectId(OID.CLIENT_AUTH)];
  if (serverNames.length > 0) purposes.push(derObjectId(OID.SERVER_AUTH));
  const extensions = [
    extension(OID.BASIC_CONSTRAINTS, derSequence(), true),
    extension(OID.KEY_USAGE, derBits(Uint8Array.of(KEY_USAGE_LEAF), 7), true),
    extension(OID.EXTENDED_KEY_USAGE, derSequence(...purposes)),
    extension(OID.SUBJECT_KEY_ID, derOctets(keyId(publicKey))),
    extension(OID.AUTHORITY_KEY_ID, derSequence(derElement(0x80, keyId(authority.key.publicKey)))),
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
function keyId(publicKey: Uint8Array): Uint8Array {
  return createHash("sha256").update(publicKey).digest().subarray(0, 20);
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
  publicKey: Uint8Array;
  extensions: Uint8Array[];
  signer: SigningKey;
};

/** Version 3 certificate, signed with Ed25519. [RFC5280 s.4.1, RFC8410] */
function signCertificate(parts: ToBeSigned): string {
  const algorithm = derSequence(derObjectId(OID.ED25519));
  const { notBeforeUnixMs, notAfterUnixMs } = parts.validity;
  const toBeSigned = derSequence(
    derElement(0xa0, derInteger(2n)),
    derInteger(BigInt(`0x${Buffer.from(parts.serial).toString("hex")}`) >> 1n),
    algorithm,
    parts.issuerDer,
    derSequence(derTime(notBeforeUnixMs), derTime(notAfterUnixMs)),
    parts.subjectDer,
    derSequence(algorithm, derBits(parts.publicKey)),
    derElement(0xa3, derSequence(...parts.extensions)),
  );
  const certificate = derSequence(toBeSigned, algorithm, derBits(parts.signer.sign(toBeSigned)));
  return new X509Certificate(certificate).toString();
}
