/** `INPUT` is what the user wrote or named; `LEDGER_REFUSED` also stands for a ledger that does not answer. */
export type CliErrorCode =
  | "DATA_DIRECTORY_FOREIGN"
  | "DATA_DIRECTORY_VERSION"
  | "DATA_DIRECTORY_MISSING"
  | "DATA_DIRECTORY_BUSY"
  | "INPUT"
  | "LEDGER_REFUSED"
  | "PROCESS_ENDED"
  | "STORY_LATE";

/** Something that the user of the command has to know and can act on; its message is shown without a stack. */
export class CliError extends Error {
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CliError";
    this.code = code;
  }
}
