import { hash } from "node:crypto";

/** Where a leaf lies in a batch, and the sibling hashes from leaf to root. */
export type InclusionPath = { readonly leafIndex: number; readonly size: number; readonly path: readonly Uint8Array[] };

/**
 * Tells whether a leaf hash is in the tree with this root. [RFC6962 s.2.1.1] Index and size are part of what is
 * proven: a path that is too long, too short, or for another position is refused.
 */
export function isIncluded(leafHash: Uint8Array, inclusion: InclusionPath, root: Uint8Array): boolean {
  if (inclusion.leafIndex >= inclusion.size) return false;
  const computed = rootOf(leafHash, inclusion);
  return computed !== undefined && Buffer.compare(computed, root) === 0;
}

/**
 * The root that a path leads to; undefined when its length does not fit the position. Mirrors the tree's definition.
 */
function rootOf(leafHash: Uint8Array, { leafIndex, size, path }: InclusionPath): Uint8Array | undefined {
  if (size === 1) return path.length === 0 ? leafHash : undefined;
  const sibling = path.at(-1);
  if (sibling === undefined) return undefined;
  const leftSize = largestPowerOfTwoBelow(size);
  const rest = path.slice(0, -1);
  if (leafIndex < leftSize) {
    const left = rootOf(leafHash, { leafIndex, size: leftSize, path: rest });
    return left && nodeHash(left, sibling);
  }
  const right = rootOf(leafHash, { leafIndex: leafIndex - leftSize, size: size - leftSize, path: rest });
  return right && nodeHash(sibling, right);
}

const NODE_PREFIX = Uint8Array.of(1);

/** [RFC6962 s.2.1] */
function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = new Uint8Array(1 + left.length + right.length);
  node.set(NODE_PREFIX);
  node.set(left, 1);
  node.set(right, 1 + left.length);
  // In one call, which costs half of what a hash object does: a proof takes one for each level of its tree.
  return hash("sha256", node, "buffer");
}

function largestPowerOfTwoBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
