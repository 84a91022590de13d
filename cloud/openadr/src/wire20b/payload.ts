import { DEFAULT_XML_LIMITS, parseXml, type XmlLimits } from "../xml/parse-xml.ts";
import type { XmlElement } from "../xml/xml-element.ts";
import type { XmlFaultCode } from "../xml/xml-fault.ts";
import { type OadrMessage, readSignedObject, writeSignedObject } from "./message.ts";
import { NAMESPACES } from "./namespaces.ts";
import { WireFault } from "./wire-fault.ts";

const DS_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";

/** The XML declaration of every message sent. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** `oadrPayload` opened up, before its signature is checked and before its message is read. */
export interface Envelope {
  /** The whole document, as decoded from the wire. */
  readonly text: string;
  readonly signature: XmlElement | undefined;
  readonly signedObject: XmlElement;
}

/** Why bytes are no message of the profile. */
export type RefusalCode = XmlFaultCode | "invalid-message";

/** Why a document is no message. The detail names the element and is for logs: a peer is told the code only. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly detail: string;
}

/** Opens the outer element: an optional signature first, then the signed object, and nothing else. */
export function openEnvelope(
  bytes: Uint8Array,
  limits: XmlLimits = DEFAULT_XML_LIMITS,
): { readonly ok: true; readonly envelope: Envelope } | Refusal {
  const parsed = parseXml(bytes, limits);
  if (!parsed.ok) return parsed;
  const { root, text } = parsed;
  if (root.namespace !== NAMESPACES.oadr || root.local !== "oadrPayload") return invalid("root is not oadrPayload");
  const children = [...root.children];
  const signature = isSignature(children[0]) ? children.shift() : undefined;
  const [signedObject, surplus] = children;
  if (signedObject === undefined) return invalid("oadrPayload without oadrSignedObject");
  if (surplus !== undefined) return invalid(`unexpected ${surplus.local} in oadrPayload`);
  if (/[^ \t\n]/.test(root.text)) return invalid("text between elements");
  return { ok: true, envelope: { text, signature, signedObject } };
}

/** Reads a message out of a signed object whose bytes are already trusted (or need no trust). */
export function readMessage(signedObject: XmlElement): { readonly ok: true; readonly message: OadrMessage } | Refusal {
  try {
    return { ok: true, message: readSignedObject(signedObject) };
  } catch (error) {
    if (error instanceof WireFault) return invalid(error.message);
    throw error;
  }
}

/** Parses an unsigned message; a signature, if there is one, is not looked at. */
export function parsePayload(
  bytes: Uint8Array,
  limits: XmlLimits = DEFAULT_XML_LIMITS,
): { readonly ok: true; readonly message: OadrMessage } | Refusal {
  const opened = openEnvelope(bytes, limits);
  return opened.ok ? readMessage(opened.envelope.signedObject) : opened;
}

/** An unsigned document. Throws `WireFault` when the message is not writable, which is the caller's mistake. */
export function formatPayload(message: OadrMessage): string {
  return wrapSignedObject(writeSignedObject(message), "");
}

/** Puts the signature, if any, in front of the signed object, as the schema orders them. */
export function wrapSignedObject(signedObject: string, signature: string): string {
  const declaration = `xmlns:oadr="${NAMESPACES.oadr}"`;
  return `${XML_DECLARATION}<oadr:oadrPayload ${declaration}>${signature}${signedObject}</oadr:oadrPayload>`;
}

function isSignature(element: XmlElement | undefined): boolean {
  return element?.local === "Signature" && element.namespace === DS_NAMESPACE;
}

function invalid(detail: string): Refusal {
  return { ok: false, code: "invalid-message", detail };
}
