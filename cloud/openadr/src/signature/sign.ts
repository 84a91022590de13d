import assert from "node:assert/strict";
import type { KeyObject } from "node:crypto";
import { NAMESPACES, SIGNED_OBJECT_ID } from "../wire20b/index.ts";
import { algorithmOf, C14N, SHA256, sha256Base64, signOctets } from "./algorithms.ts";

/** Namespaces of XML signatures and of the profile's protection against replay [OADR2.0b]. */
export const DS_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";
export const REPLAY_NAMESPACE = "http://openadr.org/oadr-2.0b/2012/07/xmldsig-properties";

/** The identifier of the element that holds ReplayProtect. */
const PROPERTY_ID = "prop";

/** A private key with its certificate: one party's identity on the wire. */
export interface SigningIdentity {
  readonly privateKey: KeyObject;
  /** The certificate's DER in base64, on one line. */
  readonly certificateBase64: string;
}

/** What makes two signatures of the same message differ. */
export interface SigningMoment {
  /** Peers refuse a message some seconds after this instant, so it MUST be read when the message is sent. */
  readonly nowUnixMs: number;
  /** Used once in the life of the key; 16 random bytes in hexadecimal do. */
  readonly nonce: string;
}

/**
 * Signs a signed object with two references: the object itself and ReplayProtect.
 *
 * `signedObject` MUST be what `writeSignedObject` returned: canonical XML with its namespaces declared. Everything
 * hashed here is composed in canonical form, as it stands under `oadrPayload` (which declares `oadr`) and
 * `ds:Signature` (which declares `ds`); hence the declarations that are added for hashing and left out of the document.
 */
export function signSignedObject(signedObject: string, identity: SigningIdentity, moment: SigningMoment): string {
  const algorithm = algorithmOf(identity.privateKey);
  assert(algorithm !== undefined, "a signing key is RSA of at least 2048 bits or P-256");
  const inherited = ` xmlns:ds="${DS_NAMESPACE}" xmlns:oadr="${NAMESPACES.oadr}"`;
  const properties = signatureProperties(moment);
  const object = (declarations: string) => `<ds:Object${declarations} Id="${PROPERTY_ID}">${properties}</ds:Object>`;
  const references =
    reference(SIGNED_OBJECT_ID, sha256Base64(signedObject)) + reference(PROPERTY_ID, sha256Base64(object(inherited)));
  const signedInfo = (declarations: string) =>
    `<ds:SignedInfo${declarations}><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${algorithm}"></ds:SignatureMethod>${references}</ds:SignedInfo>`;
  return (
    `<ds:Signature xmlns:ds="${DS_NAMESPACE}">${signedInfo("")}` +
    `<ds:SignatureValue>${signOctets(signedInfo(inherited), identity.privateKey)}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${identity.certificateBase64}</ds:X509Certificate></ds:X509Data>` +
    `</ds:KeyInfo>${object("")}</ds:Signature>`
  );
}

function reference(id: string, digest: string): string {
  return (
    `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`
  );
}

function signatureProperties({ nowUnixMs, nonce }: SigningMoment): string {
  assert(/^[\w-]{1,64}$/.test(nonce), "a nonce needs no escaping");
  return (
    '<ds:SignatureProperties><ds:SignatureProperty Target="#oadrSignedObject">' +
    `<dsp:ReplayProtect xmlns:dsp="${REPLAY_NAMESPACE}">` +
    `<dsp:timestamp>${new Date(nowUnixMs).toISOString()}</dsp:timestamp>` +
    `<dsp:nonce>${nonce}</dsp:nonce></dsp:ReplayProtect></ds:SignatureProperty></ds:SignatureProperties>`
  );
}
