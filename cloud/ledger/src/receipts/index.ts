/**
 * Receipts and auditors' verdicts, and whether they hold. An entry of its own, since it runs in browsers, where no
 * other part of this package would.
 */
export type { Consortium } from "../protocol/index.ts";
export type {
  AuditVerdict,
  Discrepancy,
  PendingOnLedger,
  ReceiptAudit,
  Reconciliation,
  WholeAudit,
} from "./audit-verdict.ts";
export { BlockProver, type BlockProverOptions } from "./block-prover.ts";
export type { BoundaryEvidence, ProvenEnvelope } from "./boundary-evidence.ts";
export {
  ACCEPTANCE_NAMES,
  type BaselineDay,
  daySelection,
  HISTORY_DAYS,
  parseReceipt,
  RECEIPT_TRANSACTION_NAMES,
  type Receipt,
  type ReceiptBaseline,
  type ReceiptTransaction,
  type ReceiptTransactionName,
  receiptSelection,
} from "./receipt.ts";
export { packReceipt, unpackReceipt } from "./receipt-file.ts";
export { RECEIPT_CHARS_MAX } from "./receipt-form.ts";
export type { ReceiptStory, StoryAct, StoryReading } from "./receipt-story.ts";
export {
  checkVerdict,
  type OpenedVerdict,
  openVerdict,
  trustHash,
  type VerdictCheck,
  type VerdictFault,
} from "./signed-verdict.ts";
export { certificateFacts, parseTrust, TrustError } from "./trust.ts";
export {
  type ReceiptMoney,
  type ReceiptSubject,
  type StepOutcome,
  VERIFICATION_STEPS,
  type VerificationReport,
  type VerificationStep,
} from "./verification-report.ts";
export { verifyReceiptBytes } from "./verify-file.ts";
export { type OpenedReceipt, openUnpacked, verifyReceipt, verifyUnpacked } from "./verify-receipt.ts";
