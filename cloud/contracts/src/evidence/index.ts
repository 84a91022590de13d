/** Evidence of metered energy: signed, anchored register values at the boundaries of a contract's intervals. */
export { EVIDENCE, type Evidence } from "./documents.ts";
export { meteredRegisters } from "./metered.ts";
export { type EvidenceBasis, verifyEvidence } from "./verify-evidence.ts";
