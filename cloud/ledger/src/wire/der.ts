/**
 * The small part of DER that certificates and block hashes need. A writer of our own, because certificates have to
 * come out byte-identical for one seed: libraries on WebCrypto sign in a thread pool and draw serial numbers
 * themselves.
 * [X.690 s.8, s.10]
 */
const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** One element: tag, definite length, contents. */
export function derElement(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), lengthOctets(body.length), body]);
}

/** Fields in the order of the standard's definition. */
export const derSequence = (...elements: Uint8Array[]) => derElement(TAG.SEQUENCE, ...elements);
/** In DER a set's elements are sorted; ours have one each. [X.690 s.11.6] */
export const derSet = (...elements: Uint8Array[]) => derElement(TAG.SET, ...elements);
export const derOctets = (bytes: Uint8Array) => derElement(TAG.OCTET_STRING, bytes);
export const derUtf8 = (text: string) => derElement(TAG.UTF8_STRING, Buffer.from(text));
/** `FALSE` is never written: DER leaves a default out. [X.690 s.11.1, s.11.5] */
export const derTrue = () => derElement(TAG.BOOLEAN, Uint8Array.of(0xff));

/** Bits, most significant first, of which the last `unusedBits` do not count. */
export function derBits(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return derElement(TAG.BIT_STRING, Uint8Array.of(unusedBits), bytes);
}

/** A non-negative integer in its shortest form. */
export function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  // A set top bit would read as a negative number.
  const isTopBitSet = ((bytes[0] ?? 0) & 0x80) !== 0;
  return derElement(TAG.INTEGER, isTopBitSet ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes);
}

/** An object identifier from its dotted form. */
export function derObjectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return derElement(TAG.OBJECT_IDENTIFIER, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** UTCTime before 2050, GeneralizedTime from then on. [RFC5280 s.4.1.2.5] */
export function derTime(unixMs: number): Uint8Array {
  const text = new Date(unixMs).toISOString().replace(/\.\d{3}/, "");
  const digits = text.replace(/[-:T]/g, "");
  const isUtcTime = Number(text.slice(0, 4)) < 2050;
  return isUtcTime
    ? derElement(TAG.UTC_TIME, Buffer.from(digits.slice(2)))
    : derElement(TAG.GENERALIZED_TIME, Buffer.from(digits));
}

/** An element as read: `bytes` is the whole of it, `contents` what is inside. */
export type DerElement = { tag: number; contents: Uint8Array; bytes: Uint8Array };

/**
 * The elements that stand one after the other in `bytes`.
 * @throws RangeError when the bytes end within an element or a length is not definite.
 */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const { start, length } = readLength(bytes, offset + 1);
    const end = start + length;
    if (end > bytes.length) throw new RangeError("a DER element reaches beyond its container");
    elements.push({
      tag: bytes[offset] as number,
      contents: bytes.subarray(start, end),
      bytes: bytes.subarray(offset, end),
    });
    offset = end;
  }
  return elements;
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Uint8Array.of(0x80 | bytes.length), bytes]);
}

function readLength(bytes: Uint8Array, at: number): { start: number; length: number } {
  const first = bytes[at];
  if (first === undefined || first === 0x80 || first > 0x84) throw new RangeError("not a definite DER length");
  if (first < 0x80) return { start: at + 1, length: first };
  let length = 0;
  for (let index = 1; index <= (first & 0x7f); index++) length = length * 256 + (bytes[at + index] ?? 0);
  return { start: at + 1 + (first & 0x7f), length };
}

function base128(value: number): number[] {
  const septets = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    septets.unshift((rest & 0x7f) | 0x80);
  }
  return septets;
}
