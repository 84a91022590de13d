/** Audit: everything that a ledger says, recomputed from its blocks alone. */
export { type AuditModules, auditBlocks, type BlockProof, LedgerAudit } from "./audit-blocks.ts";
export type { AuditCounts, AuditFinding, AuditMoney, AuditReport } from "./audit-report.ts";
export { FINDINGS_MAX, FindingLog } from "./audit-report.ts";
export { OrderedChainVerifier } from "./ordered-chain.ts";
export { type LedgerKind, ProofThread } from "./proof-thread.ts";
