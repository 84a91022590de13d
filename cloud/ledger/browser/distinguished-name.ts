import { derObjectId, readDer } from "../src/wire/index.ts";

/** Attributes that are read by name; any other is told by its object id. */
const NAMES: Readonly<Record<string, string>> = { "2.5.4.3": "CN", "2.5.4.10": "O", "2.5.4.11": "OU" };

const NAME_OF = new Map(Object.entries(NAMES).map(([id, name]) => [hexOf(derObjectId(id)), name]));

/** UTF8String, PrintableString and IA5String: the ones that are text in UTF-8 as they are. */
const TEXT_TAGS: readonly number[] = [0x0c, 0x13, 0x16];

/**
 * A name as node:crypto writes it: `KEY=value`, one a line, with what could be taken for something else escaped, a line
 * end above all. [RFC2253 s.2.4]
 * @throws RangeError for a value that is no text
 */
export function subjectText(nameDer: Uint8Array): string {
  const sets = readDer(readDer(nameDer)[0]?.contents ?? nameDer);
  const attributes = sets.flatMap(({ contents }) => readDer(contents));
  return attributes.map(({ contents }) => attributeText(contents)).join("\n");
}

function attributeText(contents: Uint8Array): string {
  const [id, value] = readDer(contents);
  if (id === undefined || value === undefined || !TEXT_TAGS.includes(value.tag)) {
    throw new RangeError("a name with an attribute that is no text");
  }
  const idHex = hexOf(id.bytes);
  return `${NAME_OF.get(idHex) ?? idHex}=${escaped(Buffer.from(value.contents).toString("utf8"))}`;
}

/** Special characters with a backslash before them, control characters as two digits of hex. */
function escaped(text: string): string {
  const marked = text.replace(/[,+"\\<>;]/g, "\\$&").replace(/^[# ]|(?<!\\) $/g, "\\$&");
  return [...marked].map((each) => (isControl(each) ? `\\${hexOf(Buffer.from(each)).toUpperCase()}` : each)).join("");
}

function isControl(character: string): boolean {
  return character < " " || character === "\u007f";
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
