import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bigintFromDecimal,
  CANONICAL_DEPTH_MAX,
  canonicalJson,
  DECIMAL_DIGITS_MAX,
  parseCanonicalJson,
} from "./canonical-json.ts";
import { NotCanonicalError } from "./settlement-error.ts";

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe("canonicalJson", () => {
  it.each([
    ["sorts keys at every level", { b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [
      "sorts keys by UTF-16 code unit",
      { "\u{1f600}": 1, "\ufb33": 2, "10": 3, "9": 4 },
      '{"10":3,"9":4,"\u{1f600}":1,"\ufb33":2}',
    ],
    ["writes a bigint as a decimal string", { energyWh: -12n }, '{"energyWh":"-12"}'],
    ["writes a bigint beyond 2^64 exactly", [2n ** 80n], '["1208925819614629174706176"]'],
    ["keeps the order of arrays", [true, false, "x"], '[true,false,"x"]'],
    ["escapes as ECMAScript does", '\u0007\n"\\é', '"\\u0007\\n\\"\\\\é"'],
    ["writes the largest safe integer", Number.MAX_SAFE_INTEGER, "9007199254740991"],
    ["accepts an object without prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ])("%s", (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    ["a float", { price: 0.5 }, "$.price"],
    ["NaN", [0, Number.NaN], "$[1]"],
    ["infinity", Number.POSITIVE_INFINITY, "$"],
    ["an unsafe integer", 2 ** 53, "$"],
    ["negative zero", -0, "$"],
    ["undefined", { a: undefined }, "$.a"],
    ["a hole in an array", new Array(1), "$[0]"],
    ["a function", { toJSON: () => 1 }, "$.toJSON"],
    ["a symbol", [Symbol("x")], "$[0]"],
    ["a symbol key", { [Symbol("x")]: 1 }, "$"],
    ["a date", { at: new Date(0) }, "$.at"],
    ["bytes", { hash: new Uint8Array(1) }, "$.hash"],
    ["a lone surrogate", "\ud800", "$"],
    ["a lone surrogate in a key", { "\udc00": 1 }, "$"],
  ])("rejects %s and says where", (_, value, path) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ name: "NotCanonicalError", code: "SETTLEMENT_NOT_CANONICAL", path }),
    );
  });

  it("accepts nesting at the bound and rejects it one level beyond, as it does a cycle", () => {
    expect(canonicalJson(nested(CANONICAL_DEPTH_MAX))).toContain("1");
    expect(() => canonicalJson(nested(CANONICAL_DEPTH_MAX + 1))).toThrow(NotCanonicalError);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(() => canonicalJson(cycle)).toThrow(NotCanonicalError);
  });

  it("gives one text whatever the insertion order, and reads it back", () => {
    const integer = fc.integer().filter((value) => !Object.is(value, -0));
    const text = fc.string({ unit: "grapheme" });
    const value = fc.dictionary(text, fc.oneof(integer, text, fc.boolean(), fc.constant(null), fc.array(integer)));
    fc.assert(
      fc.property(value, (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
        expect(canonicalJson(parseCanonicalJson(canonicalJson(object)))).toBe(canonicalJson(object));
      }),
    );
  });
});

describe("parseCanonicalJson", () => {
  it("returns the value of canonical text", () => {
    expect(parseCanonicalJson('{"a":[1,"2"],"b":null}')).toEqual({ a: [1, "2"], b: null });
  });

  it.each([
    ["unsorted keys", '{"b":1,"a":2}'],
    ["a duplicate key", '{"a":1,"a":2}'],
    ["a space", '{"a": 1}'],
    ["a trailing newline", "1\n"],
    ["a float", '{"a":1.0}'],
    ["an exponent", "1e3"],
    ["an unneeded escape", '"\\u0061"'],
    ["a lone surrogate escape", '"\\ud800"'],
    ["keys like numbers in an object's own order", '{"9":4,"10":3}'],
    ["negative zero", "[-0]"],
    ["nesting beyond the bound", `${"[".repeat(CANONICAL_DEPTH_MAX + 2)}${"]".repeat(CANONICAL_DEPTH_MAX + 2)}`],
    ["text that is not JSON", "{"],
  ])("rejects %s", (_, text) => {
    expect(() => parseCanonicalJson(text)).toThrow(NotCanonicalError);
  });
});

describe("a text that JSON.parse takes", () => {
  it("is refused exactly when canonicalJson writes another one", () => {
    const isCanonical = (text: string) => {
      try {
        return canonicalJson(JSON.parse(text)) === text;
      } catch {
        return false;
      }
    };
    const isTaken = (text: string) => {
      try {
        parseCanonicalJson(text);
        return true;
      } catch (error) {
        if (error instanceof NotCanonicalError) return false;
        throw error;
      }
    };
    const verdicts = new Set<boolean>();
    const value = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown);
    const texts = fc.oneof(
      fc.json(),
      value.map(canonicalOrNot),
      value.map((each) => JSON.stringify(each, null, 1)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        verdicts.add(isCanonical(text));
        expect(isTaken(text)).toBe(isCanonical(text));
      }),
      { numRuns: 2_000 },
    );
    expect(verdicts.size).toBe(2);
  });
});

/** The canonical text where the value has one. */
function canonicalOrNot(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}

describe("bigintFromDecimal", () => {
  it("is the inverse of canonicalJson for bigints", () => {
    const digits = 10n ** BigInt(DECIMAL_DIGITS_MAX) - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: -digits, max: digits }), (value) => {
        expect(bigintFromDecimal(JSON.parse(canonicalJson(value)), "$")).toBe(value);
      }),
    );
  });

  it.each(["", "-0", "+1", "01", " 1", "1.0", "0x1", "1e3", "1n", "-", "9".repeat(DECIMAL_DIGITS_MAX + 1)])(
    "rejects the text %j",
    (text) => {
      expect(() => bigintFromDecimal(text, "$.amountMicro")).toThrow("$.amountMicro");
    },
  );

  it("rejects a JSON number, which may already have lost digits", () => {
    expect(() => bigintFromDecimal(1, "$")).toThrow(NotCanonicalError);
  });

  it("accepts the longest number on both sides of zero", () => {
    const longest = "9".repeat(DECIMAL_DIGITS_MAX);
    expect(bigintFromDecimal(`-${longest}`, "$")).toBe(-bigintFromDecimal(longest, "$"));
  });
});
