import { type ContractErrorCode, contractErrorCode } from "@gridpact/contracts";
import { GatewayError } from "@hyperledger/fabric-gateway";
import type { CommitStatus, SigningStage } from "./ledger.ts";

/** One for each subclass, by phase. Whether asking again helps is told by `isRefusal`, not by the code. */
export type LedgerErrorCode =
  | "LEDGER_EVALUATE"
  | "LEDGER_ENDORSE"
  | "LEDGER_SUBMIT"
  | "LEDGER_COMMIT_STATUS"
  | "LEDGER_COMMIT"
  | "LEDGER_OFFLINE_SIGNING"
  | "LEDGER_EVENTS";

/** Something between this client and a committed transaction failed; the subclass says in which phase. */
export abstract class LedgerError extends Error {
  abstract readonly code: LedgerErrorCode;
  /** Empty for what belongs to no transaction. */
  readonly transactionId: string;
  /** Why the contract refused; undefined when it was not a contract that did. */
  readonly contractCode: ContractErrorCode | undefined;
  /** gRPC status code number, if the gateway answered. */
  readonly status: number | undefined;
  /**
   * Whether somebody has looked at the request and said no, so that the same request will be refused again. False for
   * whatever may pass: a peer that is down, a peer that is behind.
   */
  readonly isRefusal: boolean;

  constructor(phase: string, transactionId: string, cause?: unknown) {
    const text = textOf(cause);
    super(`${phase} ${transactionId}: ${text}`, { cause });
    this.transactionId = transactionId;
    this.contractCode = contractErrorCode(text);
    this.status = cause instanceof GatewayError ? cause.code : undefined;
    this.isRefusal =
      this.contractCode !== undefined ||
      CHAINCODE_ANSWERED.test(text) ||
      (this.status !== undefined && REFUSING_STATUSES.has(this.status));
  }
}

/** A query failed; nothing was recorded anyway. */
export class EvaluateError extends LedgerError {
  readonly code = "LEDGER_EVALUATE";
  override readonly name = "EvaluateError";

  constructor(transactionId: string, cause: unknown) {
    super("evaluate", transactionId, cause);
  }
}

/** No endorsement: the transaction does not exist. */
export class EndorseError extends LedgerError {
  readonly code = "LEDGER_ENDORSE";
  override readonly name = "EndorseError";

  constructor(transactionId: string, cause: unknown) {
    super("endorse", transactionId, cause);
  }
}

/** AMBIGUOUS: the transaction may have been ordered nevertheless. */
export class SubmitError extends LedgerError {
  readonly code = "LEDGER_SUBMIT";
  override readonly name = "SubmitError";

  constructor(transactionId: string, cause: unknown) {
    super("submit", transactionId, cause);
  }
}

/** Nobody could say what became of the transaction. */
export class CommitStatusError extends LedgerError {
  readonly code = "LEDGER_COMMIT_STATUS";
  override readonly name = "CommitStatusError";

  constructor(transactionId: string, cause: unknown) {
    super("commit status", transactionId, cause);
  }
}

/** The transaction stands in a block as invalid: it has no effect, and its bytes never will. */
export class CommitError extends LedgerError {
  readonly code = "LEDGER_COMMIT";
  override readonly name = "CommitError";
  /** `peer.TxValidationCode`. */
  readonly validationCode: number;
  readonly validationName: string;
  readonly blockNumber: number;

  constructor(transactionId: string, status: CommitStatus) {
    super("commit", transactionId, `invalid in block ${status.blockNumber} with ${status.name}`);
    this.validationCode = status.code;
    this.validationName = status.name;
    this.blockNumber = status.blockNumber;
  }

  /** Whether another transaction was faster with the same keys: prepared anew, it may succeed. */
  get isConflict(): boolean {
    return CONFLICT_NAMES.includes(this.validationName);
  }
}

/** The creator's own device did not give a signature that verifies under its certificate. */
export class OfflineSigningError extends LedgerError {
  readonly code = "LEDGER_OFFLINE_SIGNING";
  override readonly name = "OfflineSigningError";
  readonly stage: SigningStage;

  constructor(transactionId: string, stage: SigningStage, cause: unknown) {
    super(`signing of the ${stage} of`, transactionId, cause);
    this.stage = stage;
  }
}

/** The stream of chaincode events broke; begin again at the block after the last one that was seen whole. */
export class EventsError extends LedgerError {
  readonly code = "LEDGER_EVENTS";
  override readonly name = "EventsError";

  constructor(cause: unknown) {
    super("chaincode events", "", cause);
  }
}

const CONFLICT_NAMES = ["MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT"];

/** How peers report an error that the chaincode itself returned, with a code of ours or without. */
const CHAINCODE_ANSWERED = /chaincode response [45]\d\d/;

/**
 * INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED. All others, ABORTED among them, are also given
 * when too few peers could be reached.
 */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([3, 7, 12, 16]);

/** The gateway's message is general; what a peer or contract said stands in its details. */
function textOf(cause: unknown): string {
  if (cause instanceof GatewayError) {
    const details = cause.details.map(({ mspId, message }) => `${mspId}: ${message}`);
    return [cause.message, ...details].join("; ");
  }
  return cause instanceof Error ? cause.message : String(cause);
}
