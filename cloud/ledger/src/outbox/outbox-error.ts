/** Of these OUTBOX_FULL and OUTBOX_CLOSED may pass; the others are faults of the caller. */
export type OutboxErrorCode = "OUTBOX_FULL" | "OUTBOX_CLOSED" | "OUTBOX_KEY_CONFLICT" | "OUTBOX_ENTRY_TOO_LARGE";

const TEXTS: Record<OutboxErrorCode, string> = {
  OUTBOX_FULL: "too many transactions are pending; nothing was recorded, try again later",
  OUTBOX_CLOSED: "the outbox is closed; what it had recorded is carried out when it is opened again",
  OUTBOX_KEY_CONFLICT: "the same key was used before with another transaction or argument",
  OUTBOX_ENTRY_TOO_LARGE: "too large for the outbox, and for any block",
};

/** The outbox did not take a transaction, or stopped waiting for one. */
export class OutboxError extends Error {
  readonly code: OutboxErrorCode;
  /** Business key of the transaction; empty when it is about no single one. */
  readonly key: string;

  constructor(code: OutboxErrorCode, key = "") {
    super(`${key === "" ? "outbox" : key}: ${TEXTS[code]}`);
    this.name = "OutboxError";
    this.code = code;
    this.key = key;
  }
}
