import fc from "fast-check";
import { expect, test } from "vitest";
import { derBits, derElement, derInteger, derObjectId, derOctets, derSequence, derTime, readDer } from "./der.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("writes integers in their shortest form and never as negative", () => {
  expect(hex(derInteger(0n))).toBe("020100");
  expect(hex(derInteger(127n))).toBe("02017f");
  expect(hex(derInteger(128n))).toBe("02020080");
  expect(hex(derInteger(256n))).toBe("02020100");
});

test("writes object identifiers as in their standards", () => {
  // [RFC8410 s.3] id-Ed25519, and the Fabric CA's attributes.
  expect(hex(derObjectId("1.3.101.112"))).toBe("06032b6570");
  expect(hex(derObjectId("1.2.3.4.5.6.7.8.1"))).toBe("06082a03040506070801");
  expect(hex(derObjectId("1.2.840.113549"))).toBe("06062a864886f70d");
});

test("writes times before 2050 with two digits of the year and later ones with four", () => {
  const text = (unixMs: number) => Buffer.from(derTime(unixMs)).toString("latin1");
  expect(text(Date.UTC(2016, 0, 28, 1, 2, 3))).toBe("\x17\x0d160128010203Z");
  expect(text(Date.UTC(2050, 0, 1))).toBe("\x18\x0f20500101000000Z");
});

test("writes bits with the number of those that do not count", () => {
  expect(hex(derBits(Uint8Array.of(0x80), 7))).toBe("03020780");
});

test("reads what it writes, of any length", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 }), (parts) => {
      const [sequence] = readDer(derSequence(...parts.map(derOctets)));
      expect(readDer(sequence?.contents ?? new Uint8Array()).map(({ contents }) => hex(contents))).toEqual(
        parts.map(hex),
      );
    }),
  );
});

test("refuses elements that reach beyond their container and lengths that are not definite", () => {
  expect(() => readDer(derElement(4, new Uint8Array(10)).subarray(0, 6))).toThrow(RangeError);
  expect(() => readDer(Uint8Array.of(0x30, 0x80, 0, 0))).toThrow(RangeError);
  expect(() => readDer(Uint8Array.of(0x30, 0x85, 1, 1, 1, 1, 1))).toThrow(RangeError);
  expect(() => readDer(Uint8Array.of(0x30))).toThrow(RangeError);
  expect(readDer(new Uint8Array())).toEqual([]);
});
