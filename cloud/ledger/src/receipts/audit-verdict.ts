/** What an audit comes to, as its signed verdict states it. */
import type { AuditReport, LedgerKind } from "../audit/index.ts";

/** One difference between what a party's outbox says and what the ledger says. */
export type Discrepancy = {
  /** Whose outbox. */
  party: string;
  /** The business key; null for a transaction that no key stands for. */
  key: string | null;
  transactionId: string;
  expected: string;
  found: string;
};

/** A key that is under way; where its transaction is on the ledger as valid, the outbox has yet to hear of it. */
export type PendingOnLedger = { party: string; key: string; validInBlock: number | null };

/** Outboxes against the ledger; `pending` is no fault, as a party may be about to hear of it. */
export type Reconciliation = {
  ok: boolean;
  outboxes: number;
  /** Finished keys whose one transaction is on the ledger as the outbox has it. */
  matched: number;
  /** Refused keys, none of whose transactions is on the ledger. */
  refused: number;
  pendingTotal: number;
  /** Money-moving transactions of aggregator and virtual nodes that an outbox knows. */
  moneyMatched: number;
  /** Such transactions so old that an outbox may have forgotten them. */
  moneyForgotten: number;
  /** Such transactions of parties whose outbox is not here. */
  moneyNotCompared: number;
  /** The first ones; `discrepanciesTotal` and `pendingTotal` count all. */
  discrepancies: Discrepancy[];
  discrepanciesTotal: number;
  pending: PendingOnLedger[];
};

/** What the receipts beside a ledger come to: each one's baseline was computed again from signed registers. */
export type ReceiptAudit = {
  verified: number;
  paidMicro: bigint;
  failed: { path: string; step: string; detail: string }[];
};

/** All that an audit comes to. */
export type WholeAudit = { ledger: AuditReport; outboxes: Reconciliation; receipts: ReceiptAudit; ok: boolean };

/** What is signed: the whole audit, by whose trust it was made, and when. */
export type AuditVerdict = WholeAudit & {
  kind: "gridpact-audit";
  version: 1;
  ledgerKind: LedgerKind;
  channelName: string;
  /** SHA-256 of the canonical trust file: whose signatures the auditor believed. */
  trustHashHex: string;
  madeAtUnixMs: number;
};
