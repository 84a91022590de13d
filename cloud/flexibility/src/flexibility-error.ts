/** Every stable code of this package. */
export type FlexibilityErrorCode = "FLEXIBILITY_INVALID_INPUT" | "FLEXIBILITY_BROKEN_GRID" | "FLEXIBILITY_NO_PLAN";

/** Parent of all errors of this package; `code` is stable, the message is for people. */
export class FlexibilityError extends Error {
  readonly code: FlexibilityErrorCode;

  constructor(code: FlexibilityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An argument outside what a function is defined for; `field` names it. Data of poor quality is never this error. */
export class InvalidInputError extends FlexibilityError {
  readonly field: string;

  constructor(field: string, reason: string) {
    super("FLEXIBILITY_INVALID_INPUT", `${field}: ${reason}`);
    this.field = field;
  }
}

/** No best plan was found: the demands contradict each other, or the search took more steps than it may. */
export class NoPlanError extends FlexibilityError {
  constructor(status: string) {
    super("FLEXIBILITY_NO_PLAN", `the solver ended with ${status}`);
  }
}

/** What can be wrong with a grid description. */
export type GridFault =
  | "missing_column"
  | "bad_number"
  | "duplicate_id"
  | "unknown_bus"
  | "no_source"
  | "several_sources"
  | "loop"
  | "island";

/** A grid description that is no radial network; `elementId` is the bus, branch or customer where it shows. */
export class BrokenGridError extends FlexibilityError {
  readonly fault: GridFault;
  readonly elementId: string;

  constructor(fault: GridFault, elementId: string, reason: string) {
    super("FLEXIBILITY_BROKEN_GRID", `${elementId}: ${reason}`);
    this.fault = fault;
    this.elementId = elementId;
  }
}
