/**
 * The hot path behind one interface: verify, make durable, aggregate. Two classes implement it and MUST agree on
 * every verdict, byte and sum: `NativeEngine` (Rust, off the event loop) and `TwinEngine` (TypeScript).
 */

import type { EnvelopeBatch } from "./envelope-batch.ts";

/** A device whose envelopes may be accepted. */
export type EnrolledDevice = {
  deviceId: string;
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
  /** Feeder (or bus group) of the connection point; window sums are kept for each. */
  feeder: string;
};

/** One PUBLISH from a device: who the connection's certificate says it is, and the received SignedEnvelope bytes. */
export type ReceivedEnvelope = { deviceId: string; bytes: Uint8Array };

/** An accepted reading as the views need it; energy registers in Wh, power in W (import positive). */
export type AcceptedReading = {
  deviceId: string;
  bootEpoch: number;
  seq: bigint;
  measuredAtUnixMs: number;
  powerW: number;
  importWh: bigint;
  exportWh: bigint;
};

/** Energy that one batch added to a window [startUnixMs, startUnixMs + mtuMs) of one feeder. Never settled on. */
export type WindowDelta = {
  feeder: string;
  startUnixMs: number;
  importWh: bigint;
  exportWh: bigint;
  readingCount: number;
};

/** An accepted envelope as the anchor and the evidence need it. */
export type AcceptedEnvelope = {
  /** Position in the write-ahead log. */
  walSeq: bigint;
  deviceId: string;
  bootEpoch: number;
  firstSeq: bigint;
  readingCount: number;
  firstMeasuredAtUnixMs: number;
  lastMeasuredAtUnixMs: number;
  /** RFC 6962 leaf hash, 32 bytes. */
  leafHash: Uint8Array;
  /** A reading number was skipped before this envelope (spool loss at the device); accepted, but on record. */
  isAfterGap: boolean;
};

/** An accepted reading with its place: the envelope's position in the log, and which of its readings it is. */
export type PlacedReading = { walSeq: bigint; readingIndex: number; reading: AcceptedReading };

/**
 * What became of one batch. It is resolved only when every accepted and rejected envelope is durable. Envelopes become
 * objects only for who asks for them, so a view SHOULD ask for the least that it needs; a store reads the log.
 */
export interface BatchOutcome {
  /** Verdict codes of @gridpact/proto, one byte for each envelope, in order of submission. */
  readonly verdicts: Uint8Array;
  /** Accepted envelopes in WAL order. */
  readonly envelopes: readonly AcceptedEnvelope[];
  readonly windows: readonly WindowDelta[];
  /** Number of the accepted readings. */
  readonly readingCount: number;
  /** Positions in the log of the first accepted envelope and after the last one; undefined when there is none. */
  readonly walRange: { start: bigint; end: bigint } | undefined;
  /** Position in the log of an accepted envelope, by its place among them; there MUST be one. */
  walSeqOf(index: number): bigint;
  /** Leaf hashes of the accepted envelopes, 32 bytes each, one after another. */
  leafHashes(): Uint8Array;
  /** Readings made exactly on a boundary of the engine's market time units. */
  boundaryReadings(): PlacedReading[];
  /** For each device the reading that was measured last. */
  newestReadings(): AcceptedReading[];
}

/** A record of the write-ahead log. */
export type LoggedEnvelope = {
  walSeq: bigint;
  /** 0 accepted, else the reject reason. */
  verdict: number;
  receivedAtUnixMs: number;
  deviceId: string;
  /** SignedEnvelope as received. */
  bytes: Uint8Array;
};

/** A file of the write-ahead log, as far as it is durable. */
export type LogSegment = {
  name: string;
  /** Numbers of its first record and after its last one. */
  firstWalSeq: bigint;
  endWalSeq: bigint;
  sizeBytes: number;
  /** Nothing is written to it any more. */
  isClosed: boolean;
};

/** Accepted readings of a part of the log, in order of their envelopes. */
export type LoggedReadings = { readings: readonly AcceptedReading[]; nextWalSeq: bigint };

/** Of the caller's memory that lines were written into, how many bytes they take, and how many readings they are. */
export type LoggedLines = { sizeBytes: number; readingCount: number; nextWalSeq: bigint };

/** Accepted envelopes of a part of the log, in order. */
export type LoggedLeaves = {
  walSeqs: BigUint64Array;
  /** RFC 6962 leaf hashes, 32 bytes each, one after another. */
  hashes: Uint8Array;
  nextWalSeq: bigint;
};

/** What both engines are opened with; `mtuMs` MUST stay the same over the life of a log. */
export type EngineOptions = {
  /** Length of a market time unit in ms; windows are aligned to multiples of it since the epoch. */
  mtuMs: number;
  /** Segment of the write-ahead log is closed beyond this size. */
  segmentBytesMax?: number;
};

/** Why a batch could not be made durable. `code` is stable. */
export type EngineFailureCode = "WAL_FULL" | "WAL_IO" | "WAL_DAMAGED" | "ARCHIVE_IO" | "ENGINE_CLOSED";

/** The engine could not do its work; nothing of the batch was acknowledged. */
export class EngineError extends Error {
  readonly code: EngineFailureCode;

  constructor(code: EngineFailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "EngineError";
    this.code = code;
  }
}

/** Envelopes in flight inside the engine; beyond it `canAcceptWork()` is false and the broker stops reading. */
export const QUEUED_ENVELOPES_MAX = 65_536;

/** The lines of one envelope have room in it: 1,440 readings at 437 bytes, with the longest names. */
export const LINES_BYTES_MIN = 640 * 1024;

/** Records that lines are made of at once: the native engine has 5 ms to do with as many of one reading. */
export const LINES_RECORDS_MAX = 16_384;

/** What an engine has done since it was opened, and what is before it; for metrics at its bounds. */
export type EngineCounters = {
  /** Submitted and not answered; bound: `QUEUED_ENVELOPES_MAX` and one batch. */
  queuedEnvelopes: number;
  /** Groups that were made durable, with one sync each. */
  committedGroups: number;
  /** Signatures verified in batches. */
  verifiedTogether: number;
  /** Signatures verified one by one: of devices that have sent a bad one, and all of the twin's. */
  verifiedAlone: number;
  /** Signatures beyond a device's budget in their group's first batch, verified after the others' or not at all. */
  overBudget: number;
  /** Files of the log, and their durable bytes. */
  logSegments: number;
  logBytes: number;
  /** Device states kept as memory for later groups; bound: 4,096. The twin keeps none. */
  spareStates: number;
  /** Bytes of memory kept for the next group; bound: 16 MiB. The twin keeps none. */
  groupMemoryBytes: number;
};

/** One log with its devices' states. Calls may overlap but for `retire`; `close` answers what is under way first. */
export interface Engine {
  /** `native` or `twin`, for logs and metrics. */
  readonly kind: "native" | "twin";
  /** Whether retired segments go into an archive; else they are removed for good. */
  readonly isArchiving: boolean;
  /** How it verifies signatures: eight lanes of AVX-512 IFMA, batches with or without AVX2, or node:crypto. */
  readonly verifier: "ifma" | "avx2" | "portable" | "node-crypto";
  canAcceptWork(): boolean;
  /** Adds devices or replaces their key. An unknown device's envelopes are rejected as UNKNOWN_DEVICE. */
  enrol(devices: readonly EnrolledDevice[]): void;
  revoke(deviceId: string): void;
  /**
   * Verifies a batch, logs it and syncs the log. One bad envelope never fails its batch. A packed batch is the
   * caller's again as soon as this has returned.
   * @throws EngineError WAL_FULL when the disk is full (may be tried again), WAL_IO when a sync failed (fatal).
   */
  submit(batch: EnvelopeBatch | readonly ReceivedEnvelope[], receivedAtUnixMs: number): Promise<BatchOutcome>;
  /** Durable records from `fromWalSeq` on, at most `recordsMax`, in order. */
  readLog(fromWalSeq: bigint, recordsMax: number): Promise<LoggedEnvelope[]>;
  /**
   * Leaf hashes of the accepted envelopes among the durable records `[fromWalSeq, fromWalSeq + recordsMax)`, hashed
   * anew from the bytes on disk. `nextWalSeq` is where to go on; equal to `fromWalSeq` at the end.
   */
  leafHashes(fromWalSeq: bigint, recordsMax: number): Promise<LoggedLeaves>;
  /**
   * Accepted readings of the durable records `[fromWalSeq, fromWalSeq + recordsMax)`. Cheap from any place and again,
   * as it needs nothing of what stands before. `nextWalSeq` as above.
   */
  loggedReadings(fromWalSeq: bigint, recordsMax: number): Promise<LoggedReadings>;
  /**
   * The same readings as InfluxDB line protocol (measurement `reading`, tags device and feeder, time in ms), of as many
   * whole envelopes of at most `LINES_RECORDS_MAX` records as have room in `into`. It MUST have `LINES_BYTES_MIN`, and
   * is the engine's until the promise is settled.
   */
  loggedLines(fromWalSeq: bigint, into: Uint8Array): Promise<LoggedLines>;
  /**
   * Outcome that accepted records `[fromWalSeq, fromWalSeq + recordsMax)` had, for views that rebuild themselves.
   * `nextWalSeq` is where to go on; equal to `fromWalSeq` at the end.
   */
  replay(fromWalSeq: bigint, recordsMax: number): Promise<{ outcome: BatchOutcome; nextWalSeq: bigint }>;
  /** Files of the log, oldest first; the last one is open. */
  segments(): Promise<LogSegment[]>;
  /**
   * Retires the oldest closed segments, as far as they end at or before `beforeWalSeq`, some at a time: a checkpoint
   * of the devices' states stands for them then, and they are moved into the engine's archive, or are gone for good
   * where it has none. A crash at any moment leaves them in the log, or in the archive. One call at a time. Resolves
   * with the number of the record that the log begins with.
   * @throws EngineError ARCHIVE_IO, WAL_FULL: nothing was removed, may be tried again; WAL_DAMAGED: nothing was
   *   removed, as a segment is not what was written; WAL_IO: fatal, as for `submit`.
   */
  retire(beforeWalSeq: bigint): Promise<bigint>;
  counters(): EngineCounters;
  /** Devices under quarantine, sorted. */
  quarantined(): string[];
  close(): Promise<void>;
}
