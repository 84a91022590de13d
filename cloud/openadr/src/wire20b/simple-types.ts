import type { XmlElement } from "../xml/xml-element.ts";
import { hasOnlyXmlChars } from "../xml/xml-text.ts";
import type { Content } from "./codec.ts";
import { formatDateTime, parseDateTime } from "./date-time.ts";
import { isDuration } from "./duration.ts";
import { WireFault } from "./wire-fault.ts";

/** Identifiers and comments in use stay far below this; it keeps an error answer that repeats an id small. */
export const MAX_TEXT_CHARS = 4_096;

/** The common frame of all simple contents: no child element, bounded, and the same check in both directions. */
function simple<T>(parse: (text: string) => T | undefined, format: (value: T) => string, what: string): Content<T> {
  return {
    read(element) {
      requireSimple(element);
      const value = parse(element.text);
      if (value === undefined) throw new WireFault(element.local, `not ${what}`);
      return value;
    },
    write(value, out) {
      const text = format(value);
      if (text.length > MAX_TEXT_CHARS || !hasOnlyXmlChars(text) || parse(text) === undefined) {
        throw new WireFault("value", `not ${what}`);
      }
      out.text(text);
    },
  };
}

function requireSimple(element: XmlElement): void {
  if (element.children.length > 0) throw new WireFault(element.local, "unexpected child element");
  if (element.text.length > MAX_TEXT_CHARS) throw new WireFault(element.local, "text too long");
}

const identity = (text: string): string => text;

/** Whitespace of xs:token and of the numeric types is not significant [XSD 2 s.4.3.6]. */
const collapse = (text: string): string => text.replace(/[ \t\n\r]+/g, " ").trim();

/** Any text; peers put anything into names and descriptions. */
export const text = simple(identity, identity, "text");

/** xs:boolean, by either of its spellings; `true` and `false` are written. [XSD 2 s.3.2.2] */
export const boolean = simple(
  (raw) => {
    const value = collapse(raw);
    if (value === "true" || value === "1") return true;
    return value === "false" || value === "0" ? false : undefined;
  },
  (value) => String(value),
  "a boolean",
);

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * xs:float. Infinite and not-a-number values are legal in the schema and refused here: no signal level and no reading
 * means anything with them, and they poison every sum they reach.
 */
export const float = simple(
  (raw) => {
    const value = collapse(raw);
    const number = Number(value);
    return value.length <= 64 && FLOAT.test(value) && Number.isFinite(number) ? number : undefined;
  },
  (value) => (Object.is(value, -0) ? "0" : String(value)),
  "a finite number",
);

const MAX_UNSIGNED_INT = 0xffff_ffff;

/** xs:unsignedInt: 32 bits. [XSD 2 s.3.3.22] */
export const unsignedInt = simple(
  (raw) => {
    const value = collapse(raw);
    const number = Number(value);
    return /^\+?\d{1,16}$/.test(value) && number <= MAX_UNSIGNED_INT ? number : undefined;
  },
  (value) => String(value),
  "an unsigned integer",
);

/** A whole percentage. */
export const confidence = simple(
  (raw) => {
    const value = collapse(raw);
    return /^\d{1,3}$/.test(value) && Number(value) <= 100 ? Number(value) : undefined;
  },
  (value) => String(value),
  "a percentage",
);

/** Unix milliseconds, UTC. */
export const dateTime = simple(
  (raw) => parseDateTime(collapse(raw)),
  (unixMs) => formatDateTime(unixMs) ?? "",
  "a date-time",
);

/** The ISO 8601 text itself: a month has no fixed length, so it is not turned into milliseconds here. */
export const duration = simple((raw) => (isDuration(raw) ? raw : undefined), identity, "a duration");

/** Any three digits: later profiles have codes that this one does not know. */
export const responseCode = simple(
  (raw) => (/^[0-9]{3}$/.test(raw) ? raw : undefined),
  identity,
  "a three-digit response code",
);

/** ISO 4217. The schema lists the codes of 2010; three capitals also let later ones through. */
export const currencyCode = simple(
  (raw) => (/^[A-Z]{3}$/.test(collapse(raw)) ? collapse(raw) : undefined),
  identity,
  "a currency code",
);

/** Longitudes and latitudes of a polygon, as written. */
export const numberList = simple(
  (raw) => {
    const numbers = collapse(raw).split(" ").filter(Boolean).map(Number);
    return numbers.every(Number.isFinite) ? numbers : undefined;
  },
  (numbers) => numbers.join(" "),
  "a list of numbers",
);

/** One of the given words. */
export function token<const T extends string>(words: readonly T[]): Content<T> {
  return simple<T>((raw) => words.find((word) => word === collapse(raw)), identity, `one of ${words.join(", ")}`);
}

/** A private extension, as `ei:EiExtensionTokenType` allows it. */
export type ExtensionToken = `x-${string}`;

/** One of the given words, or an extension that starts with `x-`. */
export function extensibleToken<const T extends string>(words: readonly T[]): Content<T | ExtensionToken> {
  return simple<T | ExtensionToken>(
    (raw) => {
      const value = collapse(raw);
      return words.find((word) => word === value) ?? (/^x-\S/.test(value) ? (value as ExtensionToken) : undefined);
    },
    identity,
    "a known word or an x- extension",
  );
}

/** An element the profile wants present and empty (`xcal:components`). */
export const empty: Content<true> = {
  read(element) {
    if (element.children.length > 0 || collapse(element.text) !== "") throw new WireFault(element.local, "not empty");
    return true;
  },
  write: () => undefined,
};
