import { createHash } from "node:crypto";
import { isIncluded } from "@gridpact/contracts";
import { expect, test } from "vitest";
import { MerkleBatch } from "./merkle-batch.ts";

test.each([1, 2, 3, 5, 8, 13])("every leaf of %i is proven by its own path and by no other", (size) => {
  const leaves = Array.from({ length: size }, (_, index) => createHash("sha256").update(`${index}`).digest());
  const batch = new MerkleBatch(leaves);
  const rootHex = batch.rootHex();
  for (const [leafIndex, leaf] of leaves.entries()) {
    const pathHex = batch.pathHex(leafIndex);
    expect(isIncluded(leaf, { leafIndex, size, pathHex }, rootHex)).toBe(true);
    const other = leaves[(leafIndex + 1) % size] ?? leaf;
    expect(isIncluded(other, { leafIndex, size, pathHex }, rootHex)).toBe(size === 1);
  }
});
