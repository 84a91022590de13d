import type { Block } from "../protocol/index.ts";
import type { LedgerArgument } from "./argument.ts";

/** An endorsed and signed transaction: whoever has its bytes can submit it, again and again, with one effect. */
export type PreparedTransaction = {
  transactionId: string;
  /** Name as `contract:Transaction`. */
  transaction: string;
  /** `gateway.PreparedTransaction` with its creator's signature. */
  bytes: Uint8Array;
  /** What the contract answered at endorsement, parsed; it holds once the transaction is committed as valid. */
  result: unknown;
  /** `gateway.SignedCommitStatusRequest` of an offline creator; without it the client asks in its own name. */
  commitRequest?: Uint8Array;
};

/** Final outcome of a transaction that stands in a block. */
export type CommitStatus = {
  isValid: boolean;
  /** `peer.TxValidationCode`; 0 is valid. */
  code: number;
  /** Its name, such as MVCC_READ_CONFLICT. */
  name: string;
  blockNumber: number;
};

/** A transaction that took effect. */
export type Committed = { transactionId: string; blockNumber: number; result: unknown };

/** A block with the bytes it was read from, which prove more than any re-encoding would. */
export type FetchedBlock = Block & { bytes: Uint8Array };

/** As one peer has it, which may lag behind the others by a block or two. */
export type ChainInfo = {
  /** Number of blocks: the last one has the number `height - 1`. */
  height: number;
  currentBlockHash: Uint8Array;
  previousBlockHash: Uint8Array;
};

/** One chaincode event of a valid transaction. */
export type LedgerEvent = { blockNumber: number; transactionId: string; name: string; payload: unknown };

/** What is to be signed: each stage needs the signature of the stage before. */
export type SigningStage = "proposal" | "transaction" | "commitStatus";

/** Signs the message itself (Ed25519, no digest); may ask a device far away, and may refuse by rejecting. */
export type RemoteSigner = (stage: SigningStage, message: Uint8Array) => Promise<Uint8Array>;

/** Someone who signs elsewhere: the client never sees the private key. */
export type OfflineCreator = { mspId: string; certificatePem: string; sign: RemoteSigner };

/** How endorsement is asked for; no part of what is signed and recorded. */
export type PrepareOptions = {
  /** Data for the contract that does not become part of the transaction. */
  transientMap?: Record<string, Uint8Array>;
  /**
   * Organisations whose peers shall endorse, and no others. Without them the gateway chooses, for which it shows the
   * proposal, transient data included, to a peer of its own organisation first. A caller that names them MUST name
   * enough for every policy of what is written.
   */
  endorsingOrganisations?: readonly string[];
};

/**
 * Whose peers may be asked, and no others: only peers of a private collection's members have its values, and the
 * nearest peer to a caller whose organisation runs none is somebody else's.
 */
export type EvaluateOptions = Pick<PrepareOptions, "endorsingOrganisations">;

/**
 * The ledger as its callers see it. Transaction names are `contract:Transaction`; each takes one argument, sent as
 * canonical JSON, and gives parsed JSON. Every rejection is a LedgerError of the phase that failed.
 */
export interface Ledger {
  /** Asks one peer; nothing is recorded. @throws EvaluateError */
  evaluate(transaction: string, argument: LedgerArgument, options?: EvaluateOptions): Promise<unknown>;
  /** Has a transaction endorsed and signs it; it has no effect before `submit`. @throws EndorseError */
  prepare(transaction: string, argument: LedgerArgument, options?: PrepareOptions): Promise<PreparedTransaction>;
  /**
   * Resolves when the transaction is with the orderers. A failure is ambiguous: the caller MUST ask for the status
   * before it prepares anything anew, and MAY submit the same bytes again at any time.
   * @throws SubmitError
   */
  submit(prepared: Pick<PreparedTransaction, "transactionId" | "bytes">): Promise<void>;
  /**
   * Waits, without end, for the block of a submitted transaction.
   * @throws CommitStatusError when asking failed, which says nothing about the transaction.
   */
  commitStatus(transactionId: string, commitRequest?: Uint8Array): Promise<CommitStatus>;
  /** Outcome of a transaction if it stands in a block by now; does not wait. @throws EvaluateError */
  findTransaction(transactionId: string): Promise<CommitStatus | undefined>;
  /**
   * Prepares, submits and waits, without any retry: for callers with money at stake there is the Outbox.
   * @throws CommitError when the transaction stands in a block as invalid; else as the phases above
   */
  execute(transaction: string, argument: LedgerArgument, options?: PrepareOptions): Promise<Committed>;
  /**
   * As `prepare` for a creator whose key is elsewhere. Asks for all three signatures at once, so that the creator may
   * go offline; each is verified, so that a bad one cannot block a queue later.
   * @throws EndorseError; OfflineSigningError for a missing or wrong signature
   */
  prepareOffline(creator: OfflineCreator, transaction: string, argument: LedgerArgument): Promise<PreparedTransaction>;
  /** @throws EvaluateError when there is no such block */
  block(blockNumber: number): Promise<FetchedBlock>;
  /** @throws EvaluateError when the transaction stands in no block */
  blockByTransaction(transactionId: string): Promise<FetchedBlock>;
  /** @throws EvaluateError */
  chainInfo(): Promise<ChainInfo>;
  /** Events from `fromBlock` on, without end; leaving the loop closes the stream. @throws EventsError */
  events(fromBlock: number): AsyncIterable<LedgerEvent>;
}
