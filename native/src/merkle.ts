import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";

/**
 * Merkle tree of RFC 6962 over leaf hashes (not leaf data): an inner node is SHA-256(0x01 || left || right), and the
 * left subtree has the largest power of two of leaves that is smaller than all of them. [RFC6962 s.2.1]
 */

/** Root over leaf hashes of 32 bytes; SHA-256 of nothing when there is none. */
export function merkleRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  if (leafHashes.length === 0) return createHash("sha256").digest();
  let level = leafHashes;
  while (level.length > 1) level = parents(level);
  return new Uint8Array(level[0] as Uint8Array);
}

/**
 * Sibling hashes from the leaf at `index` up to the root. [RFC6962 s.2.1.1]
 * @throws AssertionError when there is no such leaf.
 */
export function inclusionPath(leafHashes: readonly Uint8Array[], index: number): Uint8Array[] {
  assert(Number.isInteger(index) && index >= 0 && index < leafHashes.length, `no leaf ${index}`);
  const path: Uint8Array[] = [];
  let level = leafHashes;
  for (let at = index; level.length > 1; at >>>= 1, level = parents(level)) {
    // A last node without sibling moves up unchanged and adds nothing to the path.
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push(new Uint8Array(sibling));
  }
  return path;
}

/**
 * The root that a path leads to, or undefined when its length does not fit the place in a tree of that size.
 * [RFC9162 s.2.1.3.2]
 */
export function rootFromPath(options: {
  leafHash: Uint8Array;
  leafIndex: number;
  size: number;
  path: readonly Uint8Array[];
}): Uint8Array | undefined {
  const { leafHash, leafIndex, size, path } = options;
  if (!Number.isInteger(leafIndex) || leafIndex < 0 || leafIndex >= size) return undefined;
  const siblings = [...path];
  let node: Uint8Array | undefined = leafHash;
  for (let at = leafIndex, width = size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    const isLonely = at % 2 === 0 && at === width - 1;
    if (!isLonely) node = joined(node, siblings.shift(), at % 2 === 0);
  }
  return node === undefined || siblings.length > 0 ? undefined : new Uint8Array(node);
}

function joined(
  node: Uint8Array | undefined,
  sibling: Uint8Array | undefined,
  isLeft: boolean,
): Uint8Array | undefined {
  if (node === undefined || sibling === undefined) return undefined;
  return isLeft ? nodeHash(node, sibling) : nodeHash(sibling, node);
}

const NODE_PREFIX = Uint8Array.of(1);

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash("sha256").update(NODE_PREFIX).update(left).update(right).digest();
}

/** Pairing level by level gives the same tree as splitting at the largest power of two. */
function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let left = 0; left < level.length; left += 2) {
    const right = level[left + 1];
    above.push(right === undefined ? (level[left] as Uint8Array) : nodeHash(level[left] as Uint8Array, right));
  }
  return above;
}
