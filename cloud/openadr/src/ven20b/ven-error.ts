/** `registration-refused`, `report-refused` and `unexpected-message` are the VTN's doing, the others the caller's. */
export type VenErrorCode =
  | "registration-refused"
  | "not-registered"
  | "unknown-event"
  | "unknown-report"
  | "report-refused"
  | "unexpected-message";

/** Why an exchange with the VTN failed; the next attempt may succeed unless the code says otherwise. */
export class VenError extends Error {
  readonly code: VenErrorCode;

  constructor(code: VenErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "VenError";
    this.code = code;
  }
}
