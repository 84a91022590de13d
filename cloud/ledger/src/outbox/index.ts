/** Transactions that take effect once for each business key, whatever breaks in between. */
export type { EnqueueOptions, OutboxMetrics, OutboxModules, OutboxOptions, PendingKey } from "./outbox.ts";
export { Outbox } from "./outbox.ts";
export type { OutboxErrorCode } from "./outbox-error.ts";
export { OutboxError } from "./outbox-error.ts";
