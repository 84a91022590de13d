import { randomBytes } from "node:crypto";

/** Where the time comes from; a simulation gives its own. */
export interface Clock {
  nowUnixMs(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = { nowUnixMs: () => Date.now() };

/** Where identifiers and nonces come from; a simulation gives a seeded one. */
export interface RandomSource {
  bytes(count: number): Uint8Array;
}

/** Random bytes that nobody can guess. */
export const systemRandom: RandomSource = { bytes: (count) => randomBytes(count) };

/** 64 bits name a thing uniquely for longer than any programme runs, and are short enough to be typed. */
const ID_BYTES = 8;

/** A new identifier such as `EVENT-0f3c…`; unguessable as far as the random source is. */
export function newId(prefix: string, random: RandomSource): string {
  return `${prefix}-${Buffer.from(random.bytes(ID_BYTES)).toString("hex")}`;
}
