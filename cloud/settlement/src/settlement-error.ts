/** Every stable code of this package, so that callers and ledgers can match on text that never changes. */
export type SettlementErrorCode =
  | "SETTLEMENT_INSUFFICIENT_HISTORY"
  | "SETTLEMENT_INVALID_TERMS"
  | "SETTLEMENT_NOT_CANONICAL"
  | "SETTLEMENT_INVARIANT_BROKEN";

/** Parent of all errors of this package; `code` is stable, the message is for people. */
export class SettlementError extends Error {
  readonly code: SettlementErrorCode;

  constructor(code: SettlementErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Too few usable days or intervals to state a baseline: the device cannot be settled by this method. */
export class InsufficientHistoryError extends SettlementError {
  readonly required: number;
  readonly found: number;

  constructor(what: string, { required, found }: { required: number; found: number }) {
    super("SETTLEMENT_INSUFFICIENT_HISTORY", `${what}: ${required} required, ${found} found`);
    this.required = required;
    this.found = found;
  }
}

/** A contract term, an interval list or an energy array that no honest caller would send; `field` names it. */
export class InvalidTermsError extends SettlementError {
  readonly field: string;

  constructor(field: string, reason: string) {
    super("SETTLEMENT_INVALID_TERMS", `${field}: ${reason}`);
    this.field = field;
  }
}

/** A value or text without one agreed canonical form; `path` says where, for example `$.intervals[2]`. */
export class NotCanonicalError extends SettlementError {
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super("SETTLEMENT_NOT_CANONICAL", `${path}: ${reason}`, options);
    this.path = path;
  }
}

/** A conservation law of this package failed: a programming error, never caused by input. */
export class InvariantBrokenError extends SettlementError {
  constructor(law: string) {
    super("SETTLEMENT_INVARIANT_BROKEN", law);
  }
}
