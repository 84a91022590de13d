import { XmlFault } from "./xml-fault.ts";
import { hasOnlyXmlChars } from "./xml-text.ts";

/** `fatal` makes malformed sequences an error; `ignoreBOM: false` drops a leading UTF-8 byte order mark. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Any spelling of a document type is refused by this scan, before a single element is read. */
const DOCUMENT_TYPE = /<!DOCTYPE|<!ENTITY/i;

/**
 * Decodes a request body to text that is safe to parse: bounded, UTF-8 and nothing else, without a document type.
 * Line ends are normalised as XML demands [XML 2.11]. Throws `XmlFault`.
 */
export function decodeUtf8(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) throw new XmlFault("too-large", `document exceeds ${maxBytes} bytes`, 0);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new XmlFault("not-utf8", "document is not UTF-8", 0);
  }
  // UTF-16 without a byte order mark is valid UTF-8 full of NULs, which no XML character production allows.
  if (text.includes("\u0000")) throw new XmlFault("not-utf8", "document is not UTF-8", text.indexOf("\u0000"));
  if (DOCUMENT_TYPE.test(text)) throw new XmlFault("document-type", "document types are refused", 0);
  if (!hasOnlyXmlChars(text)) throw new XmlFault("not-well-formed", "forbidden character", 0);
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
