/** Merkle roots of batches of readings, in sequence. */
export { type Anchor, BATCH_SIZE, COMMIT_ANCHOR, findAnchor, GET_ANCHOR, GET_HEAD, getHead } from "./anchor.ts";
export { AnchorsContract } from "./anchors-contract.ts";
export { type InclusionPath, isIncluded, NodeHashes } from "./merkle-inclusion.ts";
