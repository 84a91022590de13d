import { strict as assert } from "node:assert";

/** What a transaction takes: JSON, with bigint for energies and money. */
export type LedgerArgument =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly LedgerArgument[]
  | { readonly [key: string]: LedgerArgument };

/**
 * The canonical text that contracts accept: keys sorted, no spaces, bigint as decimal string. It is written piece by
 * piece, as an object's own order puts keys that look like numbers first, and a device id may look like one. A number
 * that is no safe integer, or a value that has no JSON form, is a fault of the caller: assertion.
 */
export function encodeArgument(argument: LedgerArgument): string {
  if (argument === null || typeof argument === "boolean") return String(argument);
  if (typeof argument === "bigint") return `"${argument}"`;
  if (typeof argument === "string") return JSON.stringify(argument);
  if (typeof argument === "number") {
    assert(Number.isSafeInteger(argument), `${argument} is not a safe integer`);
    return String(argument);
  }
  assert(typeof argument === "object", `a ${typeof argument} has no JSON form`);
  return isList(argument) ? `[${argument.map(encodeArgument).join(",")}]` : encodeObject(argument);
}

/**
 * Parsed JSON of what a contract returned; null for an empty answer.
 * @throws SyntaxError
 */
export function decodeResult(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? null : JSON.parse(Buffer.from(bytes).toString());
}

function isList(value: object): value is readonly LedgerArgument[] {
  return Array.isArray(value);
}

function encodeObject(fields: { readonly [key: string]: LedgerArgument }): string {
  const texts = Object.entries(fields)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${encodeArgument(value)}`);
  return `{${texts.join(",")}}`;
}
