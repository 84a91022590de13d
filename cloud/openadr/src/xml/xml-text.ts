import { XmlFault } from "./xml-fault.ts";

/**
 * Character data of XML 1.0, both ways. Only the five predefined entities and numeric references exist here: as no
 * document type is ever accepted, no other entity can have been declared.
 */

const PREDEFINED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The longest legal reference is `&#1114111;`; anything longer is refused without being scanned further. */
const MAX_REFERENCE_CHARS = 12;

/** Everything outside the Char production of XML 1.0 [XML 2.2], lone surrogates included. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these control characters are what the production forbids.
const FORBIDDEN_CHARS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Whether every character may stand in an XML 1.0 document. */
export function hasOnlyXmlChars(text: string): boolean {
  return !FORBIDDEN_CHARS.test(text);
}

/** Replaces references by their characters. Throws `XmlFault` on an unknown or malformed reference. */
export function decodeReferences(text: string, offset: number): string {
  if (!text.includes("&")) return text;
  let decoded = "";
  let from = 0;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", from)) {
    const end = text.indexOf(";", at);
    if (end === -1 || end - at > MAX_REFERENCE_CHARS) throw fault(offset + at, "unterminated reference");
    decoded += text.slice(from, at) + decodeReference(text.slice(at + 1, end), offset + at);
    from = end + 1;
  }
  return decoded + text.slice(from);
}

function decodeReference(name: string, offset: number): string {
  const known = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  if (known !== undefined) return known;
  const decimal = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (decimal === null) throw fault(offset, "unknown entity");
  const codePoint = decimal[1] === undefined ? Number(decimal[2]) : Number.parseInt(decimal[1], 16);
  if (codePoint > 0x10ffff) throw fault(offset, "character reference out of range");
  const character = String.fromCodePoint(codePoint);
  if (!hasOnlyXmlChars(character)) throw fault(offset, "reference to a forbidden character");
  return character;
}

/** Escapes text exactly as Canonical XML does, so that what is written is already canonical [C14N 2.3]. */
export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#xD;");
}

function fault(offset: number, detail: string): XmlFault {
  return new XmlFault("not-well-formed", detail, offset);
}
