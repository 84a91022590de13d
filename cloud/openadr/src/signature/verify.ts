import assert from "node:assert/strict";
import type { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DOMParser, type Element as DomElement } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import type { Envelope } from "../wire20b/index.ts";
import { NAMESPACES } from "../wire20b/index.ts";
import { parseXml } from "../xml/parse-xml.ts";
import type { XmlElement } from "../xml/xml-element.ts";
import { algorithmOf, C14N, SHA256, Sha256, verifierFor } from "./algorithms.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import type { NonceStore } from "./nonce-store.ts";
import { readReplayProtect } from "./replay-protect.ts";
import { DS_NAMESPACE } from "./sign.ts";
import { readSignatureStructure } from "./signature-structure.ts";

/** Why a signed message is not believed. */
export type SignatureRefusal =
  | "unsigned"
  | "structure"
  | "key-not-allowed"
  | "certificate-not-valid-now"
  | "invalid-signature"
  | "not-the-message"
  | "no-replay-protection"
  | "outside-replay-window"
  | "replayed";

/** The message that was signed, or why there is none to believe. */
export type SignatureVerdict =
  | { readonly ok: true; readonly signedObject: XmlElement; readonly fingerprint: Fingerprint }
  | { readonly ok: false; readonly reason: SignatureRefusal };

/** `nonces` MUST survive a restart: else whatever was signed within the window can be replayed after one. */
export interface VerificationContext {
  readonly nowUnixMs: number;
  readonly nonces: NonceStore;
}

/**
 * How far a message's timestamp may be from our clock. Peers use 5 s, but they check only its age; a minute on both
 * sides also serves devices whose clock drifts. Replay inside it is what the nonce store is for.
 */
export const REPLAY_WINDOW_MS = 60_000;

/**
 * Verifies the signature of a message. On success `signedObject` is parsed from the very bytes that xml-crypto says
 * were signed; the envelope's own tree MUST NOT be read any more. Whose certificate may sign for which venID is the
 * caller's to decide, by `fingerprint`.
 */
export function verifyEnvelope(envelope: Envelope, context: VerificationContext): SignatureVerdict {
  if (envelope.signature === undefined) return { ok: false, reason: "unsigned" };
  const claimed = readSignatureStructure(envelope.signature);
  if (claimed === undefined) return { ok: false, reason: "structure" };
  const { certificate } = claimed;
  if (algorithmOf(certificate.publicKey) !== claimed.algorithm) return { ok: false, reason: "key-not-allowed" };
  if (!isValidAt(certificate, context.nowUnixMs)) return { ok: false, reason: "certificate-not-valid-now" };
  const signed = verifiedReferences(envelope.text, claimed.algorithm, certificate);
  return signed === undefined
    ? { ok: false, reason: "invalid-signature" }
    : judge(signed, { envelope, fingerprint: fingerprintOf(certificate), context });
}

interface Judgement {
  readonly envelope: Envelope;
  readonly fingerprint: Fingerprint;
  readonly context: VerificationContext;
}

/** Looks only at signed bytes: one reference must be the message, the other one fresh replay protection. */
function judge(signed: readonly string[], { envelope, fingerprint, context }: Judgement): SignatureVerdict {
  const roots = signed.map((octets) => parseXml(Buffer.from(octets))).filter((parsed) => parsed.ok);
  const messages = roots.filter(({ root }) => root.local === "oadrSignedObject" && root.namespace === NAMESPACES.oadr);
  const others = roots.filter((parsed) => !messages.includes(parsed));
  const [message, property] = [messages[0]?.root, others[0]?.root];
  if (roots.length !== 2 || messages.length !== 1 || message === undefined || property === undefined) {
    return { ok: false, reason: "not-the-message" };
  }
  // A signed message somewhere else in the document is genuine, yet not what the sender put in the message's place.
  if (!isDeepStrictEqual(message, envelope.signedObject)) return { ok: false, reason: "not-the-message" };
  const replay = readReplayProtect(property);
  if (replay === undefined) return { ok: false, reason: "no-replay-protection" };
  const { timestampUnixMs, nonce } = replay;
  if (Math.abs(context.nowUnixMs - timestampUnixMs) > REPLAY_WINDOW_MS) {
    return { ok: false, reason: "outside-replay-window" };
  }
  const key = `${fingerprint} ${nonce}`;
  const expiresAtUnixMs = timestampUnixMs + 2 * REPLAY_WINDOW_MS;
  if (!context.nonces.use(key, expiresAtUnixMs, context.nowUnixMs)) return { ok: false, reason: "replayed" };
  return { ok: true, signedObject: message, fingerprint };
}

/** The canonical bytes of both references, once digests and signature hold; undefined in every other case. */
function verifiedReferences(text: string, algorithm: string, certificate: X509Certificate): string[] | undefined {
  const verifier = new SignedXml({ publicCert: certificate.publicKey });
  verifier.SignatureAlgorithms = { [algorithm]: verifierFor(algorithm, certificate.publicKey) };
  verifier.HashAlgorithms = { [SHA256]: Sha256 };
  // The profile's identifiers are all spelled `Id`; each further spelling would walk the whole document once more.
  verifier.idAttributes = ["Id"];
  try {
    verifier.loadSignature(findSignature(text));
    allowOnlyInclusive(verifier);
    if (!verifier.checkSignature(text)) return undefined;
  } catch {
    // xml-crypto and the DOM parser throw plain errors for every kind of bad signature; none of them is an outage, as
    // everything they work on is in memory.
    return undefined;
  }
  const signed = verifier.getSignedReferences();
  return signed.length === 2 && verifier.getReferences().length === 2 ? signed : undefined;
}

/** Loading a signature still needs exclusive canonicalisation, for a preview that nothing reads; verifying does not. */
function allowOnlyInclusive(verifier: SignedXml): void {
  const inclusive = verifier.CanonicalizationAlgorithms[C14N];
  assert(inclusive !== undefined, "xml-crypto has inclusive canonicalisation");
  verifier.CanonicalizationAlgorithms = { [C14N]: inclusive };
}

function findSignature(text: string): never {
  const parser = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  });
  const root = parser.parseFromString(text, "application/xml").documentElement;
  const signatures = Array.from(root?.childNodes ?? []).filter(
    (node) => node.nodeName.endsWith("Signature") && (node as DomElement).namespaceURI === DS_NAMESPACE,
  );
  if (signatures.length !== 1) throw new Error("not exactly one signature");
  // xml-crypto's types name the browser's Node; at run time it takes any DOM node.
  return signatures[0] as unknown as never;
}

function isValidAt(certificate: X509Certificate, nowUnixMs: number): boolean {
  return certificate.validFromDate.getTime() <= nowUnixMs && nowUnixMs <= certificate.validToDate.getTime();
}
