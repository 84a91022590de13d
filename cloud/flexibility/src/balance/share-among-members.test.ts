import { describe, expect, it } from "vitest";
import { shareByCapacity } from "./share-among-members.ts";

describe("shareByCapacity", () => {
  it("fills all by the same share, and no more than they take", () => {
    expect(shareByCapacity(3, [4, 2, 0])).toEqual([2, 1, 0]);
    expect(shareByCapacity(9, [4, 2, -1])).toEqual([4, 2, 0]);
    expect(shareByCapacity(1, [0, 0])).toEqual([0, 0]);
  });
});
