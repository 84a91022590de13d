export type EnrolmentErrorCode = "ENROLMENT_UNREACHABLE" | "ENROLMENT_REFUSED" | "ENROLMENT_ANSWER_INVALID";

/**
 * The device could not be enrolled. UNREACHABLE may pass; REFUSED carries the virtual node's own code as `reason` and
 * needs its operator; ANSWER_INVALID is a fault of the virtual node.
 */
export class EnrolmentError extends Error {
  readonly code: EnrolmentErrorCode;
  readonly deviceId: string;
  readonly reason: string;
  /** Whether the virtual node itself said that asking again may help. */
  readonly isPassing: boolean;

  constructor(
    code: EnrolmentErrorCode,
    details: { deviceId: string; reason: string; isPassing?: boolean; cause?: unknown },
  ) {
    super(`${details.deviceId} is not enrolled: ${details.reason}`, { cause: details.cause });
    this.name = "EnrolmentError";
    this.code = code;
    this.deviceId = details.deviceId;
    this.reason = details.reason;
    this.isPassing = details.isPassing ?? code === "ENROLMENT_UNREACHABLE";
  }
}
