import { hash } from "node:crypto";

/** Where a leaf lies in a batch, and the sibling hashes from leaf to root, in lower-case hex. */
export type InclusionPath = {
  readonly leafIndex: number;
  readonly size: number;
  readonly pathHex: readonly string[];
};

/**
 * Tells whether a leaf hash is in the tree with this root. [RFC9162 s.2.1.3.2, of the trees of RFC6962 s.2.1] Index and
 * size are part of what is proven: a path that is too long, too short, or for another position is refused.
 *
 * @param nodes - Shared by paths into one tree, so that what they have in common is hashed once
 */
export function isIncluded(
  leafHash: Uint8Array,
  { leafIndex, size, pathHex }: InclusionPath,
  rootHex: string,
  nodes = new NodeHashes(),
): boolean {
  if (leafIndex >= size) return false;
  let node: Node = { index: leafIndex, lastIndex: size - 1, hashHex: Buffer.from(leafHash).toString("hex") };
  for (const siblingHex of pathHex) {
    if (node.lastIndex === 0) return false;
    node = parentOf(node, siblingHex, nodes);
  }
  return node.lastIndex === 0 && node.hashHex === rootHex;
}

/** A node with its place on its level, and that of the level's last node. */
type Node = { readonly index: number; readonly lastIndex: number; readonly hashHex: string };

function parentOf({ index, lastIndex, hashHex }: Node, siblingHex: string, nodes: NodeHashes): Node {
  const isLeft = index % 2 === 0 && index < lastIndex;
  // A last node without a right sibling goes up as it is, level by level, until it is a right one itself.
  let levels = 1;
  if (!isLeft) while ((index >> (levels - 1)) % 2 === 0 && index >> levels !== 0) levels += 1;
  return {
    index: index >> levels,
    lastIndex: lastIndex >> levels,
    hashHex: isLeft ? nodes.hashOf(hashHex, siblingHex) : nodes.hashOf(siblingHex, hashHex),
  };
}

/**
 * Nodes that a set of hashes remembers: a chunk's paths have at most some 10,000 in common, 250 bytes each. Beyond it
 * nodes are hashed again, and the answer is the same.
 */
export const REMEMBERED_NODES_MAX = 16_384;

/**
 * Hashes of inner nodes, each made once while it is remembered. Devices that are settled together have neighbouring
 * leaves, so most of a path is another's, too; it still has to be the very same, hash by hash.
 */
export class NodeHashes {
  readonly #byLeft = new Map<string, { readonly rightHex: string; readonly nodeHex: string }>();

  /** [RFC6962 s.2.1] */
  hashOf(leftHex: string, rightHex: string): string {
    const known = this.#byLeft.get(leftHex);
    if (known?.rightHex === rightHex) return known.nodeHex;
    // In one call, which costs half of what a hash object does.
    const nodeHex = hash("sha256", Buffer.from(`01${leftHex}${rightHex}`, "hex"), "hex");
    if (this.#byLeft.size < REMEMBERED_NODES_MAX) this.#byLeft.set(leftHex, { rightHex, nodeHex });
    return nodeHex;
  }
}
