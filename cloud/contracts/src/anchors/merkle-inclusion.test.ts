import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merklePath, merkleRoot } from "../../test/merkle-tree.ts";
import { isIncluded, NodeHashes, REMEMBERED_NODES_MAX } from "./merkle-inclusion.ts";

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const leavesOf = (size: number) =>
  Array.from({ length: size }, (_, index) => createHash("sha256").update(`leaf ${index}`).digest());

function withOneBit(bytes: Uint8Array, draw: number): Uint8Array {
  const bit = draw % (8 * bytes.length);
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe("an inclusion proof", () => {
  it("holds for every leaf of every tree of 1 to 40 leaves, and for no other position or size", () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = leavesOf(size);
      const rootHex = hexOf(merkleRoot(leaves));
      const nodes = new NodeHashes();
      for (const [leafIndex, leaf] of leaves.entries()) {
        const pathHex = merklePath(leaves, leafIndex).map(hexOf);
        for (const shared of [undefined, nodes]) {
          const isIn = (at: number) => isIncluded(leaf, { leafIndex: at, size, pathHex }, rootHex, shared);
          expect(isIn(leafIndex)).toBe(true);
          expect(isIn((leafIndex + 1) % (size + 1))).toBe(false);
          expect(isIn(size)).toBe(false);
        }
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
        const spoilt = path.map((each, at) => (at === partDraw % path.length ? withOneBit(each, partDraw) : each));
        const rootHex = hexOf(merkleRoot(leaves));
        const leaf = leaves[leafIndex] ?? Buffer.alloc(0);
        // Also by one that remembers the whole path as it should be.
        const nodes = new NodeHashes();
        const isIn = (hash: Uint8Array, siblings: readonly Uint8Array[]) =>
          isIncluded(hash, { leafIndex, size: leafCount, pathHex: siblings.map(hexOf) }, rootHex, nodes);
        expect(isIn(leaf, path)).toBe(true);
        expect(isIn(leaf, spoilt)).toBe(false);
        expect(isIn(leaf, path.slice(1))).toBe(false);
        expect(isIn(leaf, [...path, Buffer.from(rootHex, "hex")])).toBe(false);
        expect(isIn(withOneBit(leaf, partDraw), path)).toBe(false);
      }),
    );
  });

  it("holds also when more nodes are hashed than are remembered", () => {
    const nodes = new NodeHashes();
    const [left = "", right = ""] = leavesOf(2).map(hexOf);
    for (let other = 0; other < REMEMBERED_NODES_MAX; other++)
      nodes.hashOf(other.toString(16).padStart(64, "0"), right);
    const expected = createHash("sha256")
      .update(Buffer.from(`01${left}${right}`, "hex"))
      .digest("hex");
    for (let time = 0; time < 2; time++) expect(nodes.hashOf(left, right)).toBe(expected);
  });
});
