import type { Engine } from "@gridpact/native";

/** What a store reads of the log, in the form that it takes. */
export type ReadingLog = Pick<Engine, "loggedReadings" | "loggedLines">;

/** What a store took: the accepted readings of the log up to `nextWalSeq` (excluded). */
export type Copied = { readings: number; nextWalSeq: bigint };

/** Which readings to summarise: steps of `stepMs` from `fromUnixMs` (included) to `toUnixMs` (excluded). */
export type HistoryQuery = { deviceId: string; fromUnixMs: number; toUnixMs: number; stepMs: number };

/** Readings of one step; a step without readings has no point. */
export type HistoryPoint = {
  /** Start of the step. */
  startUnixMs: number;
  readingCount: number;
  /** Mean of the instantaneous powers, import positive, rounded towards zero. */
  meanPowerW: bigint;
  /** Registers of the step's last reading. */
  importWh: bigint;
  exportWh: bigint;
};

/**
 * Accepted readings for people and forecasts: a view of the log. Writing the same readings again MUST change nothing,
 * since after a crash the last ones are written again.
 */
export interface ReadingStore {
  /** For logs and metrics. */
  readonly kind: string;
  /** Position in the log up to which (excluded) everything is stored, durably. */
  cursor(): Promise<bigint>;
  /**
   * Stores accepted readings of the log from `fromWalSeq` on, as many as the store takes at once; `nextWalSeq` is
   * where to go on, equal to `fromWalSeq` at the end of the log.
   * @throws StoreError when the readings are not stored; the same call may be made again.
   */
  copyFrom(log: ReadingLog, fromWalSeq: bigint): Promise<Copied>;
  /** @throws StoreError HISTORY_TOO_LONG beyond `HISTORY_STEPS_MAX`, STORE_UNAVAILABLE when there is no answer. */
  history(query: HistoryQuery): Promise<HistoryPoint[]>;
  close(): Promise<void>;
}

/**
 * `STORE_UNAVAILABLE`: not now; nothing or a part was written, and the same call may be made again. `HISTORY_TOO_LONG`:
 * the question is too large, and stays so.
 */
export type StoreFailureCode = "STORE_UNAVAILABLE" | "HISTORY_TOO_LONG";

/** The store could not do its work. `code` is stable. */
export class StoreError extends Error {
  readonly code: StoreFailureCode;
  /** How long the store wants to be left alone, when it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: StoreFailureCode,
    message: string,
    { cause, retryAfterMs }: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause });
    this.name = "StoreError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Steps of one answer: a year of hours, or 90 days of market time units. */
export const HISTORY_STEPS_MAX = 8_784;

/** @throws StoreError HISTORY_TOO_LONG */
export function assertHistoryLength({ fromUnixMs, toUnixMs, stepMs }: HistoryQuery): void {
  const steps = Math.ceil((toUnixMs - fromUnixMs) / stepMs);
  if (steps > HISTORY_STEPS_MAX || !Number.isFinite(steps)) {
    throw new StoreError("HISTORY_TOO_LONG", `${steps} steps asked for, at most ${HISTORY_STEPS_MAX} are answered`);
  }
}
