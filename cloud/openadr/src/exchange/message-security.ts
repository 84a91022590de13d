import type { Clock, RandomSource } from "../clock.ts";
import {
  type Fingerprint,
  type NonceStore,
  type SignatureRefusal,
  type SigningIdentity,
  signSignedObject,
  verifyEnvelope,
} from "../signature/index.ts";
import {
  type Envelope,
  formatPayload,
  type OadrMessage,
  openEnvelope,
  type Refusal,
  readMessage,
  wrapSignedObject,
  writeSignedObject,
} from "../wire20b/index.ts";
import { DEFAULT_XML_LIMITS } from "../xml/parse-xml.ts";

/** Bytes to messages and back, with or without signatures: the same for a VTN and a VEN. */
export interface MessageSecurity {
  /** When set, what is sent is signed and what is received must be. */
  readonly signing: SigningIdentity | undefined;
  readonly nonces: NonceStore;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const NONCE_BYTES = 16;

/**
 * Verifying costs 1 to 2 ms for each kilobyte, dozens of times what parsing does, so signed messages are bounded more
 * tightly: a report of three hundred intervals is 110 kB.
 */
export const MAX_SIGNED_MESSAGE_BYTES = 262_144;

/** A message that was read, and whose certificate signed it (undefined: it was not signed). */
export interface OpenedMessage {
  readonly ok: true;
  readonly message: OadrMessage;
  readonly signedBy: Fingerprint | undefined;
}

/** Why a document is not read: its form, or its signature. */
export type OpenFault = Refusal | { readonly ok: false; readonly code: SignatureRefusal; readonly detail: string };

/**
 * The document to send, signed now: peers refuse a signature after seconds, so MUST be called when the message leaves
 * and again for every retry. Throws `WireFault` for a message that is not valid.
 */
export function sealMessage(message: OadrMessage, { signing, clock, random }: MessageSecurity): string {
  if (signing === undefined) return formatPayload(message);
  const signedObject = writeSignedObject(message);
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString("hex");
  return wrapSignedObject(
    signedObject,
    signSignedObject(signedObject, signing, { nowUnixMs: clock.nowUnixMs(), nonce }),
  );
}

/**
 * Reads a document. Where signatures are on, an unsigned message is refused unless `mayBeUnsigned` allows this very
 * one, and everything is read from signed bytes alone.
 */
export function openMessage(
  bytes: Uint8Array,
  security: MessageSecurity,
  mayBeUnsigned: (message: OadrMessage) => boolean = () => false,
): OpenedMessage | OpenFault {
  const maxBytes = security.signing === undefined ? DEFAULT_XML_LIMITS.maxBytes : MAX_SIGNED_MESSAGE_BYTES;
  const opened = openEnvelope(bytes, { ...DEFAULT_XML_LIMITS, maxBytes });
  if (!opened.ok) return opened;
  const { envelope } = opened;
  if (security.signing === undefined) return readUnsigned(envelope);
  if (envelope.signature !== undefined) return openSigned(envelope, security);
  const unsigned = readUnsigned(envelope);
  return !unsigned.ok || mayBeUnsigned(unsigned.message) ? unsigned : refusedSignature("unsigned");
}

function readUnsigned({ signedObject }: Envelope): OpenedMessage | OpenFault {
  const read = readMessage(signedObject);
  return read.ok ? { ...read, signedBy: undefined } : read;
}

function openSigned(envelope: Envelope, { clock, nonces }: MessageSecurity): OpenedMessage | OpenFault {
  const verdict = verifyEnvelope(envelope, { nowUnixMs: clock.nowUnixMs(), nonces });
  if (!verdict.ok) return refusedSignature(verdict.reason);
  const read = readMessage(verdict.signedObject);
  return read.ok ? { ...read, signedBy: verdict.fingerprint } : read;
}

function refusedSignature(code: SignatureRefusal): OpenFault {
  return { ok: false, code, detail: "the signature was refused" };
}

const SIGNATURE_REFUSALS: ReadonlySet<string> = new Set<SignatureRefusal>([
  "unsigned",
  "structure",
  "key-not-allowed",
  "certificate-not-valid-now",
  "invalid-signature",
  "not-the-message",
  "no-replay-protection",
  "outside-replay-window",
  "replayed",
]);

/** The HTTP status that says what was wrong: who you are (403), how much (413) or what you said (400). */
export function statusOf({ code }: OpenFault): 400 | 403 | 413 {
  if (SIGNATURE_REFUSALS.has(code)) return 403;
  return code === "too-large" ? 413 : 400;
}
