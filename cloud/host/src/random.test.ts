import { describe, expect, it } from "vitest";
import { SeededRandom, systemRandom } from "./random.ts";

describe("SeededRandom", () => {
  it("gives the same bytes for the same seed, however they are drawn", () => {
    const [left, right] = [new SeededRandom("s"), new SeededRandom("s")];
    const pieces = Buffer.concat([left.bytes(5), left.bytes(40), left.bytes(3)]);
    expect(pieces).toEqual(Buffer.from(right.bytes(48)));
    expect(new SeededRandom("t").bytes(48)).not.toEqual(new SeededRandom("s").bytes(48));
  });

  it("gives a fork that does not depend on draws from its parent", () => {
    const parent = new SeededRandom("s");
    parent.bytes(100);
    expect(parent.fork("disk").bytes(8)).toEqual(new SeededRandom("s").fork("disk").bytes(8));
  });

  it("draws integers below the bound, all of them", () => {
    const random = new SeededRandom("dice");
    const seen = new Set(Array.from({ length: 500 }, () => random.below(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1_000)).toBe(true);
  });
});

describe("systemRandom", () => {
  it("gives as many bytes as asked for", () => {
    expect(systemRandom.bytes(33)).toHaveLength(33);
  });
});
