import fc from "fast-check";
import { expect, test } from "vitest";
import { MalformedMessageError } from "./decode.ts";
import { readLengthDelimited, writeLengthDelimited } from "./length-delimited.ts";

const fields = fc.array(
  fc.record({ number: fc.integer({ min: 1, max: 15 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 400 }) }),
);

test("what is written is read again, field by field", () => {
  fc.assert(
    fc.property(fields, (given) => {
      const read = readLengthDelimited(writeLengthDelimited(given));
      expect(read.map(({ number, bytes }) => [number, Buffer.from(bytes).toString("hex")])).toEqual(
        given.map(({ number, bytes }) => [number, Buffer.from(bytes).toString("hex")]),
      );
    }),
  );
});

test("an empty field is not written", () => {
  expect(writeLengthDelimited([{ number: 1, bytes: new Uint8Array() }])).toHaveLength(0);
});

test.each([
  ["a number in place of bytes", [0x08, 0x01]],
  ["a field that reaches beyond the end", [0x0a, 0x05, 0x00]],
  ["a length without an end", [0x0a, 0x80]],
  ["a length of five bytes", [0x0a, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ["a field number above 15", [0x82, 0x01, 0x00]],
])("refuses %s", (_, bytes) => {
  expect(() => readLengthDelimited(Uint8Array.from(bytes))).toThrow(MalformedMessageError);
});

test("reads whatever it is given, or refuses it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readLengthDelimited(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }),
  );
});
