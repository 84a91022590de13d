export type EnrolmentErrorCode = "ENROLMENT_UNREACHABLE" | "ENROLMENT_REFUSED" | "ENROLMENT_ANSWER_INVALID";

/**
 * The device could not be enrolled. UNREACHABLE may pass; REFUSED carries the virtual node's own code as `reason` and
 * needs its operator; ANSWER_INVALID is a fault of the virtual node.
 */
export class EnrolmentError extends Error {
  readonly code: EnrolmentErrorCode;
  readonly deviceId: string;
  readonly reason: string;

  constructor(code: EnrolmentErrorCode, details: { deviceId: string; reason: string; cause?: unknown }) {
    super(`${details.deviceId} is not enrolled: ${details.reason}`, { cause: details.cause });
    this.name = "EnrolmentError";
    this.code = code;
    this.deviceId = details.deviceId;
    this.reason = details.reason;
  }
}
