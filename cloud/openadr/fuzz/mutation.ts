import type { RandomSource } from "../src/clock.ts";

/** Bytes that decide what XML and JSON mean, so that mutations reach further than the first parse error. */
const TOKENS: readonly string[] = [
  "<",
  ">",
  "</",
  "/>",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<!DOCTYPE a [",
  "&amp;",
  "&#0;",
  "&x;",
  '"',
  "'",
  "=",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "true",
  "-1",
  "1e999",
  "NaN",
  "99999999999999999999",
  "P9999Y",
  "\u0000",
  "\ud7ff",
  "\uffff",
  "xmlns=''",
  "\\u0000",
];

/** Numbers from a source of random bytes. */
export class Dice {
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Buffer.from(this.#random.bytes(4)).readUInt32BE() % limit;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }
}

/** One to four small changes: a piece cut, repeated, overwritten, moved in from another document, or a token put in. */
export function mutate(document: Buffer, donors: readonly Buffer[], dice: Dice): Buffer {
  let bytes = document;
  for (let left = 1 + dice.below(4); left > 0; left -= 1) {
    bytes = dice.below(2) === 0 ? mutateValue(bytes, donors, dice) : mutateOnce(bytes, donors, dice);
  }
  return bytes;
}

/** Replaces one text or one string by another one, which mostly leaves the syntax whole and so reaches the meaning. */
function mutateValue(bytes: Buffer, donors: readonly Buffer[], dice: Dice): Buffer {
  const [from, to] = valueAt(bytes, dice.below(bytes.length + 1));
  const donor = dice.pick(donors);
  const [donorFrom, donorTo] = valueAt(donor, dice.below(donor.length + 1));
  const value = dice.below(3) === 0 ? Buffer.from(dice.pick(TOKENS)) : donor.subarray(donorFrom, donorTo);
  return Buffer.concat([bytes.subarray(0, from), value, bytes.subarray(to)]);
}

/** The bounds of the first XML text or JSON string after a place; empty bounds when there is none. */
function valueAt(bytes: Buffer, at: number): readonly [number, number] {
  const text = bytes.toString("latin1");
  const match = /(?<=>)[^<>]+(?=<)|(?<=")[^"]+(?=")/g;
  match.lastIndex = at;
  const found = match.exec(text);
  return found === null ? [at, at] : [found.index, found.index + found[0].length];
}

function mutateOnce(bytes: Buffer, donors: readonly Buffer[], dice: Dice): Buffer {
  const at = dice.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + dice.below(64));
  const piece = bytes.subarray(at, to);
  const splice = (...middle: Buffer[]) => Buffer.concat([bytes.subarray(0, at), ...middle, bytes.subarray(to)]);
  switch (dice.below(5)) {
    case 0:
      return splice();
    case 1:
      return splice(piece, piece, piece);
    case 2:
      return splice(Buffer.from(piece.map((byte) => byte ^ dice.below(256))));
    case 3:
      return splice(piece, Buffer.from(dice.pick(TOKENS)));
    default: {
      const donor = dice.pick(donors);
      const from = dice.below(donor.length);
      return splice(donor.subarray(from, from + dice.below(200)));
    }
  }
}
