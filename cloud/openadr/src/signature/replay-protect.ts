import { parseDateTime } from "../wire20b/date-time.ts";
import type { XmlElement } from "../xml/xml-element.ts";
import { DS_NAMESPACE, REPLAY_NAMESPACE } from "./sign.ts";

/** The sender's word by its own clock, signed with the message. [OADR2.0b ReplayProtect] */
export interface ReplayProtect {
  readonly timestampUnixMs: number;
  readonly nonce: string;
}

/** Nonces in use are 16 to 32 bytes in hexadecimal or base64; the bound keeps the store's rows small. */
const MAX_NONCE_CHARS = 256;

/** The elements that may be referenced, from the outside in; peers differ in which of them they sign. */
const WRAPPERS = ["Object", "SignatureProperties", "SignatureProperty"];

/** Reads the signed replay protection; undefined when it is not exactly one element of the profile's form. */
export function readReplayProtect(signed: XmlElement): ReplayProtect | undefined {
  const element = unwrap(signed);
  if (element?.namespace !== REPLAY_NAMESPACE || element.local !== "ReplayProtect") return undefined;
  const [timestamp, nonce, surplus] = element.children;
  if (!isPart(timestamp, "timestamp") || !isPart(nonce, "nonce") || surplus !== undefined) return undefined;
  const timestampUnixMs = parseDateTime(timestamp.text.trim());
  const value = nonce.text.trim();
  if (timestampUnixMs === undefined || value === "" || value.length > MAX_NONCE_CHARS) return undefined;
  return { timestampUnixMs, nonce: value };
}

function unwrap(signed: XmlElement): XmlElement | undefined {
  let element = signed;
  while (element.namespace === DS_NAMESPACE && WRAPPERS.includes(element.local)) {
    const [child, surplus] = element.children;
    if (child === undefined || surplus !== undefined) return undefined;
    element = child;
  }
  return element;
}

function isPart(element: XmlElement | undefined, local: string): element is XmlElement {
  return element?.namespace === REPLAY_NAMESPACE && element.local === local && element.children.length === 0;
}
