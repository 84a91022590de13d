import { createHash } from "node:crypto";

/** Root of a list of leaf hashes, straight from the definition. [RFC6962 s.2.1] */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only, ...more] = leaves;
  if (only !== undefined && more.length === 0) return only;
  const { left, right } = split(leaves);
  return createHash("sha256").update(Uint8Array.of(1)).update(merkleRoot(left)).update(merkleRoot(right)).digest();
}

/** Sibling hashes from leaf to root. [RFC6962 s.2.1.1] */
export function merklePath(leaves: readonly Uint8Array[], leafIndex: number): Uint8Array[] {
  if (leaves.length === 1) return [];
  const { left, right } = split(leaves);
  if (leafIndex < left.length) return [...merklePath(left, leafIndex), merkleRoot(right)];
  return [...merklePath(right, leafIndex - left.length), merkleRoot(left)];
}

function split(leaves: readonly Uint8Array[]) {
  const leftSize = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return { left: leaves.slice(0, leftSize), right: leaves.slice(leftSize) };
}
