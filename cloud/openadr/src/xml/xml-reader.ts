import assert from "node:assert/strict";
import type { XmlLimits } from "./parse-xml.ts";
import type { XmlAttribute, XmlElement } from "./xml-element.ts";
import { XmlFault, type XmlFaultCode } from "./xml-fault.ts";
import { decodeReferences } from "./xml-text.ts";

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/** Prefix to namespace; "" is the default namespace. */
type Scope = ReadonlyMap<string, string>;

const ROOT_SCOPE: Scope = new Map([["xml", XML_NAMESPACE]]);

/** ASCII letters are all that OpenADR names use; names beyond them are refused, which keeps the grammar small. */
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const SPACE = /[ \t\n]*/y;
const DECLARATION = /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.[0-9]\1((?:[^?]|\?(?!>)){0,200})\?>/;
const ENCODING = /encoding[ \t\n]*=[ \t\n]*["']([A-Za-z][\w.-]*)["']/;

interface OpenElement {
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  readonly scope: Scope;
  text: string;
}

interface RawAttribute {
  readonly qualifiedName: string;
  readonly value: string;
  readonly offset: number;
}

/** Reads one document from left to right with an explicit stack, so that nesting costs no call stack. */
export class XmlReader {
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #elementCount = 0;
  #root: XmlElement | undefined;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  /** Throws `XmlFault`. */
  readDocument(): XmlElement {
    this.#readDeclaration();
    while (this.#at < this.#text.length) this.#readNext();
    if (this.#open.length > 0) throw this.#fault("unclosed element");
    if (this.#root === undefined) throw this.#fault("no element");
    return this.#root;
  }

  #readDeclaration(): void {
    if (!this.#text.startsWith("<?xml")) return;
    const declaration = DECLARATION.exec(this.#text);
    if (declaration === null) throw this.#fault("malformed XML declaration");
    const encoding = ENCODING.exec(declaration[2] ?? "")?.[1]?.toLowerCase() ?? "utf-8";
    if (encoding !== "utf-8" && encoding !== "us-ascii")
      throw this.#fault("declared encoding is not UTF-8", "not-utf8");
    this.#at = declaration[0].length;
  }

  #readNext(): void {
    const text = this.#text;
    if (text[this.#at] !== "<") this.#readText();
    else if (text.startsWith("</", this.#at)) this.#readEndTag();
    else if (text.startsWith("<!--", this.#at)) this.#readComment();
    else if (text.startsWith("<![CDATA[", this.#at)) this.#readCdata();
    else if (text.startsWith("<!", this.#at)) throw this.#fault("markup declarations are refused", "document-type");
    else if (text.startsWith("<?", this.#at)) throw this.#fault("processing instructions are refused");
    else this.#readStartTag();
  }

  #readText(): void {
    const next = this.#text.indexOf("<", this.#at);
    const end = next === -1 ? this.#text.length : next;
    const raw = this.#text.slice(this.#at, end);
    const parent = this.#open.at(-1);
    if (raw.includes("]]>")) throw this.#fault("]]> in text");
    if (parent !== undefined) parent.text += decodeReferences(raw, this.#at);
    else if (/[^ \t\n]/.test(raw)) throw this.#fault("text outside the root element");
    this.#at = end;
  }

  #readComment(): void {
    const end = this.#text.indexOf("--", this.#at + 4);
    if (end === -1 || this.#text[end + 2] !== ">") throw this.#fault("malformed comment");
    this.#at = end + 3;
  }

  #readCdata(): void {
    const end = this.#text.indexOf("]]>", this.#at);
    const parent = this.#open.at(-1);
    if (end === -1 || parent === undefined) throw this.#fault("malformed CDATA section");
    parent.text += this.#text.slice(this.#at + "<![CDATA[".length, end);
    this.#at = end + 3;
  }

  #readStartTag(): void {
    if (this.#open.length === 0 && this.#root !== undefined) throw this.#fault("second root element");
    if (this.#open.length >= this.#limits.maxDepth) throw this.#fault("nesting too deep", "too-deep");
    this.#elementCount += 1;
    if (this.#elementCount > this.#limits.maxElements) throw this.#fault("too many elements", "too-many-elements");
    this.#at += 1;
    const qualifiedName = this.#readName();
    const raw = this.#readRawAttributes();
    const scope = this.#declare(this.#open.at(-1)?.scope ?? ROOT_SCOPE, raw);
    const name = this.#resolve(qualifiedName, scope, scope.get("") ?? "");
    const attributes = this.#resolveAttributes(raw, scope);
    this.#open.push({ qualifiedName, ...name, attributes, children: [], scope, text: "" });
    if (this.#take("/>")) this.#close();
    else if (!this.#take(">")) throw this.#fault("malformed start tag");
  }

  #readEndTag(): void {
    this.#at += 2;
    const qualifiedName = this.#readName();
    this.#skipSpace();
    if (!this.#take(">")) throw this.#fault("malformed end tag");
    if (this.#open.at(-1)?.qualifiedName !== qualifiedName) throw this.#fault("mismatched end tag");
    this.#close();
  }

  #close(): void {
    const closed = this.#open.pop();
    assert(closed !== undefined, "an element is closed only while one is open");
    const { namespace, local, attributes, children, text } = closed;
    const parent = this.#open.at(-1);
    const element: XmlElement = { namespace, local, attributes, children, text };
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #readRawAttributes(): RawAttribute[] {
    const attributes: RawAttribute[] = [];
    for (;;) {
      const hadSpace = this.#skipSpace();
      if (this.#text[this.#at] === ">" || this.#text[this.#at] === "/") return attributes;
      if (!hadSpace) throw this.#fault("missing space before attribute");
      attributes.push(this.#readRawAttribute());
      if (attributes.length > this.#limits.maxAttributes)
        throw this.#fault("too many attributes", "too-many-attributes");
    }
  }

  #readRawAttribute(): RawAttribute {
    const offset = this.#at;
    const qualifiedName = this.#readName();
    this.#skipSpace();
    if (!this.#take("=")) throw this.#fault("attribute without value");
    this.#skipSpace();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw this.#fault("unquoted attribute value");
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end === -1) throw this.#fault("unterminated attribute value");
    const raw = this.#text.slice(this.#at + 1, end);
    if (raw.includes("<")) throw this.#fault("< in attribute value");
    const value = decodeReferences(raw.replace(/[\t\n]/g, " "), this.#at + 1);
    this.#at = end + 1;
    return { qualifiedName, value, offset };
  }

  #declare(outer: Scope, attributes: readonly RawAttribute[]): Scope {
    let scope: Map<string, string> | undefined;
    const seen = new Set<string>();
    for (const attribute of attributes) {
      const prefix = declaredPrefix(attribute);
      if (prefix === undefined) continue;
      if (seen.has(prefix) || isReserved(prefix, attribute.value)) throw this.#fault("bad namespace declaration");
      seen.add(prefix);
      scope ??= new Map(outer);
      scope.set(prefix, attribute.value);
    }
    return scope ?? outer;
  }

  #resolveAttributes(raw: readonly RawAttribute[], scope: Scope): XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    const seen = new Set<string>();
    for (const attribute of raw) {
      if (declaredPrefix(attribute) !== undefined) continue;
      const name = this.#resolve(attribute.qualifiedName, scope, "");
      const key = `${name.namespace} ${name.local}`;
      if (seen.has(key)) throw this.#fault("duplicate attribute");
      seen.add(key);
      attributes.push({ ...name, value: attribute.value });
    }
    return attributes;
  }

  #resolve(qualifiedName: string, scope: Scope, unprefixed: string): { namespace: string; local: string } {
    const colon = qualifiedName.indexOf(":");
    if (colon === -1) return { namespace: unprefixed, local: qualifiedName };
    const namespace = scope.get(qualifiedName.slice(0, colon));
    if (namespace === undefined) throw this.#fault("undeclared prefix");
    return { namespace, local: qualifiedName.slice(colon + 1) };
  }

  #readName(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw this.#fault("malformed name");
    this.#at += name.length;
    return name;
  }

  #skipSpace(): boolean {
    SPACE.lastIndex = this.#at;
    const skipped = SPACE.exec(this.#text)?.[0].length ?? 0;
    this.#at += skipped;
    return skipped > 0;
  }

  #take(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  #fault(detail: string, code: XmlFaultCode = "not-well-formed"): XmlFault {
    return new XmlFault(code, detail, this.#at);
  }
}

function declaredPrefix({ qualifiedName }: RawAttribute): string | undefined {
  if (qualifiedName === "xmlns") return "";
  return qualifiedName.startsWith("xmlns:") ? qualifiedName.slice("xmlns:".length) : undefined;
}

/** Whether a declaration is one that Namespaces in XML forbids: the reserved names, or a prefix without a namespace. */
function isReserved(prefix: string, namespace: string): boolean {
  if (prefix === "xml" || prefix === "xmlns") return true;
  if (namespace === XML_NAMESPACE || namespace === XMLNS_NAMESPACE) return true;
  return namespace === "" && prefix !== "";
}
