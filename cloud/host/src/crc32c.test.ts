import { expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";
import { SeededRandom } from "./random.ts";

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

it.each([
  ["nothing", new Uint8Array(), 0],
  ["nine digits", Buffer.from("123456789"), 0xe3069283],
  ["32 zero bytes", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["32 ascending bytes", ascending, 0x46dd794e],
  ["32 descending bytes", Uint8Array.from(ascending).reverse(), 0x113fdb5c],
])("is what RFC 3720 says of %s", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

it("goes on from what stood before, wherever the bytes are parted", () => {
  const bytes = new SeededRandom("crc").bytes(41);
  const whole = crc32c(bytes);
  for (let at = 0; at <= bytes.length; at++) {
    expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(whole);
  }
});
