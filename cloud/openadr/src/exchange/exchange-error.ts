/**
 * `foreign-peer`: somebody answered whose certificate is not the one that was expected, which no repetition will
 * mend.
 */
export type ExchangeErrorCode = "unreachable" | "http-status" | "bad-answer" | "foreign-peer";

/** A message that could not be sent, or whose answer cannot be used; the next attempt may succeed. */
export class ExchangeError extends Error {
  readonly code: ExchangeErrorCode;

  constructor(code: ExchangeErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ExchangeError";
    this.code = code;
  }
}
