import { AssertionError } from "node:assert";
import { describe, expect, it } from "vitest";
import { decodeResult, encodeArgument } from "./argument.ts";

describe("encodeArgument", () => {
  it.each([
    [{ b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
    [{ amountMicro: 12_345_678_901_234_567_890n }, '{"amountMicro":"12345678901234567890"}'],
    [{ nested: { z: -1n, y: {} } }, '{"nested":{"y":{},"z":"-1"}}'],
    [{ text: 'quote " and \n' }, '{"text":"quote \\" and \\n"}'],
    // An object of JavaScript would put 9 before 10, and both before "a".
    [{ a: 0, "9": 0, "10": 0 }, '{"10":0,"9":0,"a":0}'],
  ])("writes %o in canonical form", (argument, text) => {
    expect(encodeArgument(argument)).toBe(text);
  });

  it.each([0.5, Number.NaN, 2 ** 53, [undefined], { a: undefined }, () => 1])("refuses %o", (argument) => {
    expect(() => encodeArgument(argument as never)).toThrow(AssertionError);
  });
});

describe("decodeResult", () => {
  it("parses JSON and takes an empty answer for null", () => {
    expect(decodeResult(Buffer.from('{"a":"1"}'))).toEqual({ a: "1" });
    expect(decodeResult(new Uint8Array())).toBeNull();
    expect(() => decodeResult(Buffer.from("not JSON"))).toThrow(SyntaxError);
  });
});
