/** Why an envelope was not taken in; it was not acknowledged, so the device sends it again. */
export type IngestFailureCode = "INGEST_OVERLOADED" | "INGEST_FAILED" | "INGEST_CLOSED" | "INGEST_DEVICE_LEAVING";

/** The envelope could not be made durable here and now. `code` is stable. */
export class IngestError extends Error {
  readonly code: IngestFailureCode;

  constructor(code: IngestFailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "IngestError";
    this.code = code;
  }
}
