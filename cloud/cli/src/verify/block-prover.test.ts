import { BlockProver } from "@gridpact/ledger/receipts";
import { beforeAll, describe, expect, it } from "vitest";
import { blocksOf, type Day, playedDay } from "../../test/played-day.ts";

let day: Day;
let blocks: Uint8Array[];

beforeAll(async () => {
  day = await playedDay("prover");
  blocks = [];
  for await (const bytes of blocksOf(day)) blocks.push(bytes);
}, 60_000);

describe("a block prover", () => {
  it("proves a block once, and refuses a changed one however often the right one was proven", () => {
    const prover = new BlockProver(day.consortium);
    const bytes = blocks[5] ?? new Uint8Array();
    expect(prover.prove(bytes)).toBe(prover.prove(Uint8Array.from(bytes)));
    const changed = Uint8Array.from(bytes);
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(() => prover.prove(changed)).toThrow();
    expect(prover.size()).toBe(1);
  });

  it("keeps no more blocks than its bound, and still proves those that it dropped", () => {
    const prover = new BlockProver(day.consortium, { blocksMax: 3 });
    const numbers = [...blocks, ...blocks.slice(0, 2)].map((bytes) => prover.prove(bytes).number);
    expect(numbers.slice(-2)).toEqual([0, 1]);
    expect(prover.size()).toBe(3);
  });
});
