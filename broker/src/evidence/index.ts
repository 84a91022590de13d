/** Public face of the evidence step: signed register values at boundaries, with inclusion proofs. */
export { EvidenceError, EvidenceIndex } from "./evidence-index.ts";
export type { EvidenceSource, RegisterValue } from "./evidence-source.ts";
export { LogEvidence } from "./log-evidence.ts";
