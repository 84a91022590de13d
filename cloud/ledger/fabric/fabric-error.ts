/** `FABRIC_NOT_UP`: a command that needs a network found none; the others name the program or node that failed. */
export type FabricErrorCode =
  | "FABRIC_BINARY_MISSING"
  | "FABRIC_COMMAND_FAILED"
  | "FABRIC_NODE_NOT_READY"
  | "FABRIC_NOT_UP";

/** The network could not be brought to where it was asked to be; `message` says what an operator can do. */
export class FabricError extends Error {
  readonly code: FabricErrorCode;

  constructor(code: FabricErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "FabricError";
    this.code = code;
  }
}
