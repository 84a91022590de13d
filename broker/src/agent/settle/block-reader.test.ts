import type { FetchedBlock } from "@gridpact/ledger";
import { describe, expect, it } from "vitest";
import { BlockReader } from "./block-reader.ts";

/** A ledger with blocks of four bytes, which notes what is asked of it. */
function setUp(charsMax: number) {
  const asked: number[] = [];
  const block = async (number: number) => {
    asked.push(number);
    return { bytes: Uint8Array.of(0, 0, 0, number) } as unknown as FetchedBlock;
  };
  return { reader: new BlockReader({ block }, charsMax), asked };
}

describe("BlockReader", () => {
  it("asks for a block once", async () => {
    const { reader, asked } = setUp(100);
    expect(await reader.blockHex(7)).toBe("00000007");
    expect(await reader.blockHex(7)).toBe("00000007");
    expect(asked).toEqual([7]);
  });

  it("keeps as many as its bound allows and lets the oldest go then", async () => {
    const { reader, asked } = setUp(16);
    for (const number of [1, 2, 1, 2, 3, 2, 3, 1]) await reader.blockHex(number);
    expect(asked).toEqual([1, 2, 3, 1]);
  });
});
