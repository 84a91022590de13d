import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inclusionPath, merkleRoot, rootFromPath } from "./merkle.ts";

type MerkleVectors = {
  leafHashesHex: string[];
  trees: { size: number; rootHex: string; pathsHex: string[][] }[];
};

const vectorPath = new URL("../../proto/vectors/merkle.json", import.meta.url);
const { leafHashesHex, trees } = JSON.parse(readFileSync(vectorPath, "utf8")) as MerkleVectors;
const leaves = leafHashesHex.map((hex) => new Uint8Array(Buffer.from(hex, "hex")));
const toHex = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString("hex"));

describe("Merkle tree", () => {
  it("has the roots and paths of the golden vectors", () => {
    for (const { size, rootHex, pathsHex } of trees) {
      const tree = leaves.slice(0, size);
      expect(toHex(merkleRoot(tree)), `root of ${size}`).toBe(rootHex);
      for (const [index, expected] of pathsHex.entries()) {
        expect(inclusionPath(tree, index).map(toHex), `leaf ${index} of ${size}`).toEqual(expected);
      }
    }
  });

  it("finds the root again from every leaf and its path", () => {
    for (const { size, rootHex, pathsHex } of trees) {
      for (const leafIndex of pathsHex.keys()) {
        const path = inclusionPath(leaves.slice(0, size), leafIndex);
        const leafHash = leaves[leafIndex] as Uint8Array;
        expect(toHex(rootFromPath({ leafHash, leafIndex, size, path }))).toBe(rootHex);
      }
    }
  });

  it("leads to another root, or to none, from a wrong leaf, place, size or path", () => {
    const [size, leafIndex] = [7, 4];
    const leafHash = leaves[leafIndex] as Uint8Array;
    const path = inclusionPath(leaves.slice(0, size), leafIndex);
    const root = toHex(merkleRoot(leaves.slice(0, size)));
    const proof = { leafHash, leafIndex, size, path };
    expect(toHex(rootFromPath(proof))).toBe(root);
    expect(toHex(rootFromPath({ ...proof, leafHash: leaves[5] as Uint8Array }))).not.toBe(root);
    expect(toHex(rootFromPath({ ...proof, leafIndex: 5 }))).not.toBe(root);
    expect(rootFromPath({ ...proof, leafIndex: 7 })).toBeUndefined();
    expect(rootFromPath({ ...proof, leafIndex: -1 })).toBeUndefined();
    expect(rootFromPath({ ...proof, path: path.slice(1) })).toBeUndefined();
    expect(rootFromPath({ ...proof, path: [...path, leafHash] })).toBeUndefined();
    expect(toHex(rootFromPath({ ...proof, path: path.toReversed() }))).not.toBe(root);
  });

  it("refuses to prove a leaf that is not there", () => {
    expect(() => inclusionPath(leaves, leaves.length)).toThrow("no leaf");
    expect(() => inclusionPath([], 0)).toThrow("no leaf");
  });
});
