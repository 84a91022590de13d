import type { JsonValue } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import {
  decimal,
  FLAG,
  hex,
  list,
  nullable,
  object,
  oneOf,
  readShape,
  record,
  type Shape,
  text,
  wholeNumber,
} from "./shape.ts";

const short = text((value) => value.length < 3, "short");
const small = wholeNumber({ min: 1, max: 3 });
const bytes = hex({ bytesMin: 1, bytesMax: 2 });

type Case = { what: string; shape: Shape<unknown>; value: JsonValue };

const accepted: (Case & { read: unknown })[] = [
  { what: "a text", shape: short, value: "ab", read: "ab" },
  { what: "the smallest number", shape: small, value: 1, read: 1 },
  { what: "the largest number", shape: small, value: 3, read: 3 },
  { what: "a flag", shape: FLAG, value: false, read: false },
  { what: "a decimal", shape: decimal({ min: 0n }), value: "12", read: 12n },
  { what: "the smallest decimal", shape: decimal({ min: 5n }), value: "5", read: 5n },
  { what: "a decimal without bound", shape: decimal({ min: null }), value: "-12", read: -12n },
  { what: "bytes", shape: bytes, value: "0aff", read: "0aff" },
  { what: "one of some", shape: oneOf(["a", "b"]), value: "b", read: "b" },
  { what: "null", shape: nullable(short), value: null, read: null },
  { what: "a value that may be null", shape: nullable(short), value: "a", read: "a" },
  { what: "an empty list", shape: list(small, { min: 0, max: 2 }), value: [], read: [] },
  { what: "a full list", shape: list(small, { min: 0, max: 2 }), value: [1, 2], read: [1, 2] },
  { what: "a record", shape: record(short, small, { max: 1 }), value: { a: 1 }, read: { a: 1 } },
  { what: "an object", shape: object({ a: decimal({ min: null }) }), value: { a: "7" }, read: { a: 7n } },
];

const refused: (Case & { faults: string[] })[] = [
  { what: "a long text", shape: short, value: "abc", faults: ["$: must be short"] },
  { what: "a number for a text", shape: short, value: 1, faults: ["$: must be short"] },
  { what: "a number too small", shape: small, value: 0, faults: ["$: must be a whole number from 1 to 3"] },
  { what: "a number too large", shape: small, value: 4, faults: ["$: must be a whole number from 1 to 3"] },
  { what: "a fraction", shape: small, value: 1.5, faults: ["$: must be a whole number from 1 to 3"] },
  { what: "a text for a flag", shape: FLAG, value: "true", faults: ["$: must be true or false"] },
  {
    what: "a JSON number for a decimal",
    shape: decimal({ min: null }),
    value: 1,
    faults: ["$: an integer is written as a decimal string"],
  },
  {
    what: "a decimal with a zero before it",
    shape: decimal({ min: null }),
    value: "01",
    faults: ["$: not a decimal integer in its shortest form"],
  },
  { what: "a decimal too small", shape: decimal({ min: 5n }), value: "4", faults: ["$: must not be below 5"] },
  { what: "upper-case hex", shape: bytes, value: "0A", faults: ["$: must be 1 to 2 bytes of lower-case hex"] },
  { what: "half a byte", shape: bytes, value: "0aa", faults: ["$: must be 1 to 2 bytes of lower-case hex"] },
  { what: "too many bytes", shape: bytes, value: "0a0a0a", faults: ["$: must be 1 to 2 bytes of lower-case hex"] },
  { what: "no bytes", shape: bytes, value: "", faults: ["$: must be 1 to 2 bytes of lower-case hex"] },
  { what: "none of some", shape: oneOf(["a", "b"]), value: "c", faults: ["$: must be one of a, b"] },
  {
    what: "a list too long",
    shape: list(small, { min: 0, max: 1 }),
    value: [1, 2],
    faults: ["$: must be an array of 0 to 1 items"],
  },
  {
    what: "faults within a list",
    shape: list(small, { min: 0, max: 2 }),
    value: [0, 9],
    faults: ["$[0]: must be a whole number from 1 to 3", "$[1]: must be a whole number from 1 to 3"],
  },
  {
    what: "a record with too many keys",
    shape: record(short, small, { max: 1 }),
    value: { a: 1, b: 2 },
    faults: ["$: must be an object of at most 1 keys"],
  },
  { what: "a bad key", shape: record(short, small, { max: 1 }), value: { long: 1 }, faults: ["$.long: must be short"] },
  { what: "a list for an object", shape: object({}), value: [], faults: ["$: must be an object"] },
  { what: "a missing field", shape: object({ a: short }), value: {}, faults: ["$.a: must be short"] },
  { what: "an unknown field", shape: object({}), value: { b: 1 }, faults: ["$.b: is not a known field"] },
  {
    what: "a field of every object",
    shape: object({}),
    value: JSON.parse('{"__proto__":1}'),
    faults: ["$.__proto__: is not a known field"],
  },
];

describe("a shape", () => {
  it.each(accepted)("reads $what", ({ shape, value, read }) => {
    expect(readShape(shape, value)).toEqual({ ok: true, value: read });
  });

  it.each(refused)("refuses $what", ({ shape, value, faults }) => {
    expect(readShape(shape, value)).toEqual({ ok: false, faults });
  });
});
