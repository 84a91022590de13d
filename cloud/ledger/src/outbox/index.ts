/** Transactions that take effect once for each business key, whatever breaks in between. */
export type { ActState } from "./ledger-acts.ts";
export { LedgerActs } from "./ledger-acts.ts";
export { ledgerRefusal } from "./ledger-refusal.ts";
export type { EnqueueOptions, OutboxMetrics, OutboxModules, OutboxOptions, PendingKey } from "./outbox.ts";
export { Outbox } from "./outbox.ts";
export type { OutboxErrorCode } from "./outbox-error.ts";
export { OutboxError } from "./outbox-error.ts";
export type { OutboxKey, OutboxSnapshot } from "./read-outbox.ts";
export { readOutbox } from "./read-outbox.ts";
