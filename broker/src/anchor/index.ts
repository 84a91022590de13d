/** Public face of the anchor step: Merkle batches, their way onto the ledger, and inclusion proofs. */
export { Anchor, type AnchorModules, type AnchorOptions, GRACE_MS_DEFAULT, LEAVES_MAX_DEFAULT } from "./anchor.ts";
export { AnchorError } from "./anchor-error.ts";
export { type Batch, BatchIndex } from "./batch-index.ts";
export { type InclusionProof, InclusionProofs } from "./inclusion.ts";
