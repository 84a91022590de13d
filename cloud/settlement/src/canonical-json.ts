/**
 * Canonical JSON: one value, one text, on every peer, in every browser. It follows RFC 8785 (keys sorted by UTF-16 code
 * units, no spaces, ECMAScript string escapes) and narrows it: numbers are safe integers only, and a bigint is written
 * as a decimal string, because energy and money may exceed what a JSON number keeps exactly.
 */
import { NotCanonicalError } from "./settlement-error.ts";

/** What `parseCanonicalJson` returns: a bigint comes back as its decimal string. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Our deepest message is 6 levels; 32 leaves room, and refuses both a cycle and a text made to exhaust the stack. */
export const CANONICAL_DEPTH_MAX = 32;

/** 30 digits hold every energy in Wh and amount in micro-EUR of a continent for a century; longer text is an attack. */
export const DECIMAL_DIGITS_MAX = 30;

const DECIMAL_INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** Ids, keys and amounts: printable ASCII without quote and backslash, which stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Above that the engine's own writer is faster than the expression. */
const PLAIN_CHARS_MAX = 100;

/**
 * Writes the one canonical text of a value: null, booleans, safe integers, bigints, strings, arrays, plain objects. A
 * reader knows from the field whether a decimal string is a bigint or a text.
 *
 * @throws NotCanonicalError for a float, NaN, undefined, function, symbol, lone surrogate, hole in an array, an object
 *   that is not plain (Date, Map, class instance), or nesting beyond `CANONICAL_DEPTH_MAX` (a cycle, for example).
 */
export function canonicalJson(value: unknown): string {
  return plainText(value) ?? writeValue(value, []);
}

/**
 * Reads a text and refuses any but the canonical one: duplicate or unsorted keys, spaces, floats and other
 * escapes would let two texts with different hashes mean the same.
 *
 * @throws NotCanonicalError
 */
export function parseCanonicalJson(text: string): JsonValue {
  const value = parseJson(text);
  if (canonicalJson(value) !== text) throw new NotCanonicalError("$", "the text is not in canonical form");
  return value;
}

/**
 * Reads the decimal string that stands for a bigint in JSON; `path` names the field in the error.
 *
 * @throws NotCanonicalError for anything but an integer in its shortest form of at most `DECIMAL_DIGITS_MAX` digits
 */
export function bigintFromDecimal(decimal: unknown, path: string): bigint {
  if (typeof decimal !== "string") throw new NotCanonicalError(path, "an integer is written as a decimal string");
  // The sign is not a digit; the length is checked first because the cost of the rest grows with it.
  const isShort = decimal.length <= DECIMAL_DIGITS_MAX + (decimal.startsWith("-") ? 1 : 0);
  if (isShort && DECIMAL_INTEGER.test(decimal)) return BigInt(decimal);
  throw new NotCanonicalError(path, "not a decimal integer in its shortest form");
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new NotCanonicalError("$", "not JSON", { cause });
  }
}

/**
 * The text by the engine's own writer, in a third of the time; undefined where it might differ. It differs in what the
 * value can tell (order of keys, bigints, other numbers, depth, what is not plain) and in lone surrogates, which it
 * would write as escapes.
 */
function plainText(value: unknown): string | undefined {
  if (!isPlain(value, 0)) return undefined;
  const text = JSON.stringify(value);
  return text.includes("\\u") ? undefined : text;
}

/** Whether keys are sorted, numbers safe integers, nothing is too deep, and nothing says itself how it is written. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value !== "object" || depth >= CANONICAL_DEPTH_MAX || "toJSON" in value) return false;
  return Array.isArray(value) ? isPlainArray(value, depth + 1) : isPlainObject(value, depth + 1);
}

function isPlainArray(values: readonly unknown[], depth: number): boolean {
  // By index, as a hole is not plain.
  for (let index = 0; index < values.length; index++) if (!isPlain(values[index], depth)) return false;
  return true;
}

function isPlainObject(value: object, depth: number): boolean {
  const keys = Object.keys(value);
  if (!isSorted(keys) || !isBare(value)) return false;
  return keys.every((key) => isPlain((value as Record<string, unknown>)[key], depth));
}

/** Whether an object is nothing but its keys and values. */
function isBare(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.getOwnPropertySymbols(value).length === 0;
}

/** By UTF-16 code units, as `<` compares. */
function isSorted(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return false;
  }
  return true;
}

/** Keys and indexes from the root to a value; joined only for an error, as nearly every value has a text. */
type Path = (string | number)[];

function writeValue(value: unknown, path: Path): string {
  if (path.length > CANONICAL_DEPTH_MAX) fail(path, `deeper than ${CANONICAL_DEPTH_MAX} levels`);
  switch (typeof value) {
    case "string":
      return writeString(value, path);
    case "number":
      return writeNumber(value, path);
    case "bigint":
      return `"${value}"`;
    case "boolean":
      return String(value);
    case "object":
      return writeContainer(value, path);
    case "undefined":
    case "function":
    case "symbol":
      return fail(path, `a value of type ${typeof value} has no JSON form`);
  }
}

function writeString(value: string, path: Path): string {
  if (value.length <= PLAIN_CHARS_MAX && PLAIN.test(value)) return `"${value}"`;
  // A lone surrogate has no UTF-8 form, so the hash of the text would depend on who encodes it [RFC8785 s.3.2.2.2].
  if (!value.isWellFormed()) fail(path, "lone surrogate");
  return JSON.stringify(value);
}

function writeNumber(value: number, path: Path): string {
  if (!Number.isSafeInteger(value)) fail(path, `${value} is not a safe integer`);
  // Negative zero would print as 0 and so give one text to two values that Object.is tells apart.
  if (Object.is(value, -0)) fail(path, "negative zero");
  return String(value);
}

function writeContainer(value: object | null, path: Path): string {
  if (value === null) return "null";
  return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
}

function writeArray(values: readonly unknown[], path: Path): string {
  let text = "[";
  // By index, which visits holes as undefined; map would silently keep them as holes.
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ",";
    text += writeAt(index, values[index], path);
  }
  return `${text}]`;
}

function writeObject(value: object, path: Path): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) fail(path, "not a plain object");
  if (Object.getOwnPropertySymbols(value).length > 0) fail(path, "has a symbol key");
  let text = "{";
  const keys = Object.keys(value);
  // Without a comparison, sort goes by UTF-16 code units.
  for (const key of isSorted(keys) ? keys : keys.sort()) {
    if (text.length > 1) text += ",";
    text += `${writeString(key, path)}:${writeAt(key, (value as Record<string, unknown>)[key], path)}`;
  }
  return `${text}}`;
}

function writeAt(step: string | number, value: unknown, path: Path): string {
  path.push(step);
  const text = writeValue(value, path);
  path.pop();
  return text;
}

function fail(path: Path, reason: string): never {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  throw new NotCanonicalError(`$${steps.join("")}`, reason);
}
