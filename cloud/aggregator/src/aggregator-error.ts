/** Every code of this package that a caller may see, in one table; the text is the title of the HTTP problem. */
export const AGGREGATOR_ERROR_TITLES = {
  UNKNOWN_VIRTUAL_NODE: "The virtual node is not enrolled",
  UNKNOWN_REQUEST: "There is no such request",
  UNKNOWN_EVENT: "There is no such event",
  PLAN_INVALID: "The event cannot be planned like this",
  PLAN_CONFLICT: "An event with this id and another plan exists",
  RESPONSE_INVALID: "The response does not fit the request",
  RESPONSE_CONFLICT: "The request was answered otherwise before",
  RESPONSE_TOO_LATE: "The time to answer is over",
  REPORT_INVALID: "The report does not fit the request",
  MOVES_STALE: "The plan is not the newest one",
  UNKNOWN_MOVE: "There is no such proposed move",
  MOVE_CONFLICT: "The device is in another move",
  MOVE_IMPOSSIBLE: "The device cannot move",
  MOVE_TOO_LATE: "It is too late to cancel the move",
  NOT_YOURS: "The place of another virtual node",
} as const;

/** Stable: the `code` of HTTP problems, and what clients decide by. */
export type AggregatorErrorCode = keyof typeof AGGREGATOR_ERROR_TITLES;

/** The aggregator refuses a call; nothing was changed. */
export class AggregatorError extends Error {
  readonly code: AggregatorErrorCode;

  constructor(code: AggregatorErrorCode, detail: string) {
    super(detail);
    this.name = "AggregatorError";
    this.code = code;
  }
}
