import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merklePath, merkleRoot } from "../../test/merkle-tree.ts";
import { isIncluded } from "./merkle-inclusion.ts";

const leavesOf = (size: number) =>
  Array.from({ length: size }, (_, index) => createHash("sha256").update(`leaf ${index}`).digest());

describe("an inclusion proof", () => {
  it("holds for every leaf of every tree of 1 to 40 leaves, and for no other position or size", () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = leavesOf(size);
      const root = merkleRoot(leaves);
      for (const [leafIndex, leaf] of leaves.entries()) {
        const path = merklePath(leaves, leafIndex);
        expect(isIncluded(leaf, { leafIndex, size, path }, root)).toBe(true);
        expect(isIncluded(leaf, { leafIndex: (leafIndex + 1) % (size + 1), size, path }, root)).toBe(false);
        expect(isIncluded(leaf, { leafIndex: size, size, path }, root)).toBe(false);
      }
    }
  });

  it("fails when any part of it is changed", () => {
    const size = fc.integer({ min: 2, max: 64 });
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (leafCount, leafDraw, partDraw) => {
        const leaves = leavesOf(leafCount);
        const leafIndex = leafDraw % leafCount;
        const path = merklePath(leaves, leafIndex);
        const spoilt = path.map((each, at) => (at === partDraw % path.length ? Buffer.alloc(32, 7) : each));
        const root = merkleRoot(leaves);
        const leaf = leaves[leafIndex] ?? Buffer.alloc(0);
        expect(isIncluded(leaf, { leafIndex, size: leafCount, path: spoilt }, root)).toBe(false);
        expect(isIncluded(leaf, { leafIndex, size: leafCount, path: path.slice(1) }, root)).toBe(false);
        expect(isIncluded(leaf, { leafIndex, size: leafCount, path: [...path, root] }, root)).toBe(false);
        expect(isIncluded(Buffer.alloc(32, 9), { leafIndex, size: leafCount, path }, root)).toBe(false);
      }),
    );
  });
});
