import { type KeyObject, verify } from "node:crypto";
import { msp } from "@hyperledger/fabric-protos";
import { decodeMessage, MalformedMessageError, readDer } from "../wire/index.ts";
import { type Certificate, CertificateError, readCertificate } from "./certificate-reader.ts";

/** One organisation that belongs to the channel, by the root certificate that vouches for its members. */
export type Organisation = { mspId: string; authorityPem: string };

/** Someone whose certificate was issued by an organisation of the channel. */
export type Member = {
  mspId: string;
  commonName: string;
  /** Node kind of the certificate: client, peer, orderer, admin. */
  organisationalUnit: string;
  attributes: Record<string, string>;
  certificatePem: string;
  publicKey: KeyObject;
};

/** `CERTIFICATE_EXPIRED` is also given for a time before the certificate begins. */
export type MembershipRefusal =
  | "IDENTITY_MALFORMED"
  | "ORGANISATION_UNKNOWN"
  | "ISSUER_NOT_TRUSTED"
  | "CERTIFICATE_EXPIRED";

/** A value, as anyone may send an identity; whether the member may do what it asks for is for others to say. */
export type MembershipVerdict = { ok: true; member: Member } | { ok: false; reason: MembershipRefusal };

/** Who belongs to the channel: the membership service providers of all its organisations. */
export class Membership {
  readonly #authorities: ReadonlyMap<string, Certificate>;
  readonly #known = new Map<string, { member: Member; certificate: Certificate }>();

  constructor(organisations: readonly Organisation[]) {
    this.#authorities = new Map(
      organisations.map(({ mspId, authorityPem }) => [mspId, readCertificate(authorityPem)] as const),
    );
  }

  /** Whose serialized identity this is, if a member's whose certificate is valid at the given time. */
  identify(serialized: Uint8Array, atUnixMs: number): MembershipVerdict {
    const known = this.#lookUp(serialized);
    if (typeof known === "string") return { ok: false, reason: known };
    const { notBeforeUnixMs, notAfterUnixMs } = known.certificate;
    if (atUnixMs < notBeforeUnixMs || atUnixMs > notAfterUnixMs) return { ok: false, reason: "CERTIFICATE_EXPIRED" };
    return { ok: true, member: known.member };
  }

  #lookUp(serialized: Uint8Array): { member: Member; certificate: Certificate } | MembershipRefusal {
    const cacheKey = Buffer.from(serialized).toString("latin1");
    return this.#known.get(cacheKey) ?? this.#admit(serialized, cacheKey);
  }

  #admit(serialized: Uint8Array, cacheKey: string): { member: Member; certificate: Certificate } | MembershipRefusal {
    if (serialized.length > IDENTITY_BYTES_MAX) return "IDENTITY_MALFORMED";
    const parsed = parseIdentity(serialized);
    if (parsed === undefined) return "IDENTITY_MALFORMED";
    const { mspId, certificatePem, certificate } = parsed;
    const authority = this.#authorities.get(mspId);
    if (authority === undefined) return "ORGANISATION_UNKNOWN";
    if (!isIssuedBy(certificate, authority)) return "ISSUER_NOT_TRUSTED";
    const { commonName, organisationalUnit, attributes, publicKey } = certificate;
    const member = { mspId, commonName, organisationalUnit, attributes, certificatePem, publicKey };
    if (this.#known.size >= MEMBER_CACHE_MAX) this.#known.delete(this.#known.keys().next().value ?? "");
    this.#known.set(cacheKey, { member, certificate });
    return { member, certificate };
  }
}

/** `SerializedIdentity` as it stands in proposals, endorsements and block signatures. */
export function serializeIdentity(identity: { mspId: string; certificatePem: string }): Uint8Array {
  const message = new msp.SerializedIdentity();
  message.setMspid(identity.mspId);
  message.setIdBytes(Buffer.from(identity.certificatePem));
  return message.serializeBinary();
}

/** Organisation and certificate that a serialized identity claims; undefined when it is not one. */
export function parseIdentity(
  serialized: Uint8Array,
): { mspId: string; certificatePem: string; certificate: Certificate } | undefined {
  try {
    const message = decodeMessage(msp.SerializedIdentity, serialized);
    const certificatePem = Buffer.from(message.getIdBytes_asU8()).toString();
    return { mspId: message.getMspid(), certificatePem, certificate: readCertificate(certificatePem) };
  } catch (error) {
    if (error instanceof CertificateError || error instanceof MalformedMessageError) return undefined;
    throw error;
  }
}

/**
 * Verifies a member's signature over the message: Ed25519 over the message itself, ECDSA P-256 over its SHA-256 with
 * the lower of the two possible values, as Fabric demands. Any other kind of key verifies nothing.
 */
export function isSignedBy(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.asymmetricKeyType === "ed25519") return verify(null, message, publicKey, signature);
  const isP256 = publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1";
  return isP256 && isLowS(signature) && verify("sha256", message, publicKey, signature);
}

/** Parsed certificates kept: one per device of a large district; parsing and chain check cost half a millisecond. */
const MEMBER_CACHE_MAX = 16_384;

/** Ours have less than 1 KiB; whatever is kept must not be of any size that a member likes. */
const IDENTITY_BYTES_MAX = 16 * 1024;

/** Half the order of P-256: of (r, s) and (r, n-s), which both verify, only the lower s is accepted. */
const P256_HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function isLowS(signature: Uint8Array): boolean {
  try {
    const [, s] = readDer(readDer(signature)[0]?.contents ?? new Uint8Array());
    return s !== undefined && BigInt(`0x${Buffer.from(s.contents).toString("hex")}`) <= P256_HALF_ORDER;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

function isIssuedBy(certificate: Certificate, authority: Certificate): boolean {
  return (
    !certificate.isAuthority &&
    certificate.x509.checkIssued(authority.x509) &&
    certificate.x509.verify(authority.publicKey)
  );
}
