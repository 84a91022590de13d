/** Public face of the anchor step: Merkle batches, their way onto the ledger, and inclusion proofs. */
export { Anchor, GRACE_MS_DEFAULT, LEAVES_MAX_DEFAULT } from "./anchor.ts";
export { AnchorError } from "./anchor-error.ts";
export { BatchIndex } from "./batch-index.ts";
export { InclusionProofs } from "./inclusion.ts";
