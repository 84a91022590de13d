/** The log on disk does not hold what was accepted: nothing may be anchored, and the process MUST end. */
export class AnchorError extends Error {
  readonly code = "ANCHOR_LOG_MISMATCH";
  readonly batchNo: number;

  constructor(batchNo: number, message: string) {
    super(`batch ${batchNo}: ${message}`);
    this.name = "AnchorError";
    this.batchNo = batchNo;
  }
}
