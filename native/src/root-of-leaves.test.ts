import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { merkleRoot } from "./merkle.ts";
import { rootOfLeaves, splitHashes } from "./root-of-leaves.ts";

it.each([0, 1, 2, 3, 7, 8, 1_000])("is the root of the same tree over %i leaves, whoever computes it", (count) => {
  const hashes = Array.from({ length: count }, (_, index) => createHash("sha256").update(`${index}`).digest());
  expect(Buffer.from(rootOfLeaves(Buffer.concat(hashes)))).toEqual(Buffer.from(merkleRoot(hashes)));
  expect(splitHashes(Buffer.concat(hashes)).map((hash) => Buffer.from(hash))).toEqual(hashes);
});
