import type { PreparedTransaction } from "../client/index.ts";
import { OutboxError } from "./outbox-error.ts";

/** What endorsement is to be asked with, beside the argument; see `PrepareOptions` of the client. */
export type EndorsementWish = {
  /**
   * Private data as text. It lies in the outbox's journal until the journal is rewritten, so the journal is as private
   * as the data.
   */
  transient?: Readonly<Record<string, string>>;
  endorsingOrganisations?: readonly string[];
};

/** A transaction on its way. */
export type PendingEntry = EndorsementWish & {
  key: string;
  lane: string;
  transaction: string;
  /** Canonical JSON; null when it came in prepared, so that nobody here can prepare it anew. */
  argument: string | null;
  prepared: PreparedTransaction | null;
};

/** What remains of a transaction that took effect. */
export type FinishedEntry = {
  key: string;
  /** Of transaction and argument; null when it came in prepared. */
  contentHashHex: string | null;
  transactionId: string;
  blockNumber: number;
  result: unknown;
};

/** One step of one entry, or of many finished ones. Replayed in order, records give the state. */
export type OutboxRecord =
  | ({ kind: "enqueued"; key: string; lane: string; transaction: string; argument: string } & EndorsementWish)
  | { kind: "prepared"; key: string; lane: string; prepared: PreparedTransaction }
  | { kind: "finished"; entries: readonly FinishedEntry[] }
  | { kind: "dropped"; key: string };

/**
 * A record's largest payload, and so a transaction's: what orderers take (the embedded ledger 8 MiB, Fabric 10 MB by
 * default). They would refuse a larger one at each submission, and a failed submission is always tried again.
 */
export const RECORD_BYTES_MAX = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * One line of JSON, then the bytes of the prepared transaction, if any: in JSON they would be a third longer.
 * @throws OutboxError OUTBOX_ENTRY_TOO_LARGE
 */
export function encodeOutboxRecord(record: OutboxRecord): Uint8Array {
  const { line, body } = split(record);
  const payload = Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), body]);
  const key = "key" in record ? record.key : "";
  if (payload.length > RECORD_BYTES_MAX) throw new OutboxError("OUTBOX_ENTRY_TOO_LARGE", key);
  return payload;
}

/** The journal has checked the bytes, and nobody but `encodeOutboxRecord` writes them. */
export function decodeOutboxRecord(payload: Uint8Array): OutboxRecord {
  const end = payload.indexOf(NEWLINE);
  const line: Line = JSON.parse(Buffer.from(payload.subarray(0, end)).toString());
  if (line.kind !== "prepared") return line;
  const { commitRequestHex, ...prepared } = line.prepared;
  // Copied: what is given is a view of a whole segment, or of more.
  const bytes = new Uint8Array(payload.subarray(end + 1));
  return {
    ...line,
    prepared: {
      ...prepared,
      bytes,
      ...(commitRequestHex !== undefined && { commitRequest: new Uint8Array(Buffer.from(commitRequestHex, "hex")) }),
    },
  };
}

type PreparedLine = Omit<PreparedTransaction, "bytes" | "commitRequest"> & { commitRequestHex?: string };

type Line =
  | Exclude<OutboxRecord, { kind: "prepared" }>
  | { kind: "prepared"; key: string; lane: string; prepared: PreparedLine };

function split(record: OutboxRecord): { line: Line; body: Uint8Array } {
  if (record.kind !== "prepared") return { line: record, body: new Uint8Array() };
  const { bytes, commitRequest, ...rest } = record.prepared;
  const commit = commitRequest && { commitRequestHex: Buffer.from(commitRequest).toString("hex") };
  return { line: { ...record, prepared: { ...rest, ...commit } }, body: bytes };
}
