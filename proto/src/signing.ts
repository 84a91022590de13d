import { createHash } from "node:crypto";
import { type EnrolmentRequest, encode, type SignedEnvelope } from "./codec.ts";

/**
 * Domain prefixes: a signature made for one purpose must never verify for another. The trailing NUL keeps
 * one prefix from being the start of another.
 */
export const SIGNING_DOMAIN = {
  ENVELOPE: "gridpact.reading.v1.EnvelopePayload\0",
  ENROLMENT: "gridpact.control.v1.EnrolmentRequest\0",
  CONSENT: "gridpact.control.v1.Consent\0",
  AMENDMENT: "gridpact.control.v1.Amendment\0",
  MOVE_OFFER: "gridpact.control.v1.MoveOffer\0",
  MOVE_TICKET: "gridpact.control.v1.MoveTicket\0",
  ROTATION: "gridpact.control.v1.KeyRotation\0",
  AUDIT: "gridpact.audit.v1.Verdict\0",
} as const;

/** Ed25519. [RFC8032 s.5.1.6] */
export const SIGNATURE_BYTES = 64;
/** Ed25519, compressed point. [RFC8032 s.5.1.5] */
export const PUBLIC_KEY_BYTES = 32;
/** SHA-256. */
export const HASH_BYTES = 32;

/** `previousEnvelopeHash` of a device's first envelope, and `prevRoot` of a VN's first batch. */
export const ZERO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** Bytes that an envelope's signature covers: domain prefix, then the payload as sent. */
export function envelopeSigningBytes(payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(SIGNING_DOMAIN.ENVELOPE), payload]);
}

/** Hash that the device's next envelope carries: SHA-256 of the signing bytes, 32 bytes. */
export function envelopeHash(payload: Uint8Array): Uint8Array {
  return createHash("sha256").update(SIGNING_DOMAIN.ENVELOPE).update(payload).digest();
}

/** Data of an envelope's Merkle leaf: signature (64 bytes), then payload. Independent of protobuf framing. */
export function envelopeLeafData(envelope: SignedEnvelope): Uint8Array {
  return Buffer.concat([envelope.signature, envelope.payload]);
}

/** RFC 6962 leaf hash of an envelope: SHA-256(0x00 || signature || payload). [RFC6962 s.2.1] */
export function envelopeLeafHash(envelope: SignedEnvelope): Uint8Array {
  return createHash("sha256").update(LEAF_PREFIX).update(envelope.signature).update(envelope.payload).digest();
}

/** Bytes that the proof of possession covers: domain prefix, then the request without proof and resources. */
export function enrolmentSigningBytes(request: Omit<EnrolmentRequest, "proofOfPossession" | "resources">): Uint8Array {
  const unsigned = { ...request, proofOfPossession: new Uint8Array(), resources: [] };
  return Buffer.concat([Buffer.from(SIGNING_DOMAIN.ENROLMENT), encode("EnrolmentRequest", unsigned)]);
}

/** Bytes that a device signs to accept a contract without being there: domain prefix, then the hash of the terms. */
export function consentSigningBytes(termsHash: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(SIGNING_DOMAIN.CONSENT), termsHash]);
}

/** Bytes that a device signs when the order of its contract is amended: domain prefix, then the amendment's hash. */
export function amendmentSigningBytes(amendmentHash: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(SIGNING_DOMAIN.AMENDMENT), amendmentHash]);
}

/** Bytes that a node signs to offer a move, or to let a device in: domain prefix, then the payload as sent. */
export function moveSigningBytes(message: "MoveOffer" | "MoveTicket", payload: Uint8Array): Uint8Array {
  const domain = message === "MoveOffer" ? SIGNING_DOMAIN.MOVE_OFFER : SIGNING_DOMAIN.MOVE_TICKET;
  return Buffer.concat([Buffer.from(domain), payload]);
}

/** A release of a device; `revision` is that of its entry in the registry, so a signature is good for one release. */
export type DeviceRelease = { deviceId: string; fromVnId: string; toVnId: string; revision: number };

/**
 * SHA-256 of the release's canonical JSON, 32 bytes: names in order, and nothing in an id needs an escape. A device
 * signs `consentSigningBytes` of it to agree.
 */
export function releaseHash({ deviceId, fromVnId, toVnId, revision }: DeviceRelease): Uint8Array {
  return createHash("sha256").update(JSON.stringify({ deviceId, fromVnId, revision, toVnId })).digest();
}

/** Bytes that a device's present key signs to name its successor: domain prefix, device id, NUL, the new key. */
export function rotationSigningBytes(deviceId: string, newPublicKey: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${SIGNING_DOMAIN.ROTATION}${deviceId}\0`), newPublicKey]);
}

/** Bytes that an auditor signs: domain prefix, then the canonical text of the verdict in UTF-8. */
export function auditSigningBytes(verdictText: string): Uint8Array {
  return Buffer.from(`${SIGNING_DOMAIN.AUDIT}${verdictText}`);
}

const LEAF_PREFIX = Uint8Array.of(0);
