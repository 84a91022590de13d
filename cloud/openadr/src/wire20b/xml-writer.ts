import { escapeText } from "../xml/xml-text.ts";
import { type Prefix, type QualifiedName, splitName } from "./namespaces.ts";

/**
 * Collects canonical XML. What it writes is already in Canonical XML 1.0 form (start and end tags, escaped text, no
 * comments), so the bytes that are sent are the bytes that are hashed and no canonicaliser runs while sending.
 */
export class XmlWriter {
  readonly #parts: string[] = [];
  readonly #prefixes = new Set<Prefix>();

  open(name: QualifiedName, attributes = ""): void {
    this.#prefixes.add(splitName(name).prefix);
    this.#parts.push("<", name, attributes, ">");
  }

  text(value: string): void {
    this.#parts.push(escapeText(value));
  }

  close(name: QualifiedName): void {
    this.#parts.push("</", name, ">");
  }

  /** Marks a prefix as used although only an attribute carries it. */
  use(prefix: Prefix): void {
    this.#prefixes.add(prefix);
  }

  get prefixes(): ReadonlySet<Prefix> {
    return this.#prefixes;
  }

  toString(): string {
    return this.#parts.join("");
  }
}
