import { decodeUtf8 } from "./decode-utf8.ts";
import type { XmlElement } from "./xml-element.ts";
import { XmlFault, type XmlFaultCode } from "./xml-fault.ts";
import { XmlReader } from "./xml-reader.ts";

/**
 * A strict parser for the small XML that OpenADR 2.0b needs. It has no document type, no entity declaration and no
 * processing instruction by construction, so entity bombs and external entities are not a matter of configuration.
 */

/**
 * A history report of one day in 1 s intervals is about 20 MB; profiles in use report in minutes and stay below 1 MiB.
 */
export const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * The deepest legal 2.0b message (a polygon in a signal's target) is 19 elements deep; 64 leaves room for extensions.
 */
export const MAX_DEPTH = 64;

/** An element costs some 200 bytes of memory, so this bounds one message to about 10 MB. */
export const MAX_ELEMENTS = 50_000;

/** The widest legal element carries one attribute and about 15 namespace declarations. */
export const MAX_ATTRIBUTES = 64;

/** What a document may cost. Tests lower these to reach each of them with a small document. */
export interface XmlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
  readonly maxAttributes: number;
}

/** What the largest honest message stays below by far. */
export const DEFAULT_XML_LIMITS: XmlLimits = {
  maxBytes: MAX_MESSAGE_BYTES,
  maxDepth: MAX_DEPTH,
  maxElements: MAX_ELEMENTS,
  maxAttributes: MAX_ATTRIBUTES,
};

/** The root element, or why there is none. */
export type XmlParseResult =
  | { readonly ok: true; readonly root: XmlElement; readonly text: string }
  | { readonly ok: false; readonly code: XmlFaultCode; readonly detail: string };

/**
 * Parses one document. Bad input is a value and never an exception; the running time is linear in the input.
 * `text` is the decoded document, for the caller who must hand the same characters to a signature verifier.
 */
export function parseXml(bytes: Uint8Array, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlParseResult {
  try {
    const text = decodeUtf8(bytes, limits.maxBytes);
    return { ok: true, root: new XmlReader(text, limits).readDocument(), text };
  } catch (error) {
    if (error instanceof XmlFault) return { ok: false, code: error.code, detail: error.message };
    throw error;
  }
}
