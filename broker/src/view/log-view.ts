import type { BatchOutcome, Engine } from "@gridpact/native";

/**
 * Something that is derived from the accepted envelopes of the write-ahead log and kept in memory, with checkpoints on
 * disk that spare most of the replay at the next start. It can always be rebuilt from the log alone.
 */
export interface LogView {
  /** Position in the log up to which (excluded) everything is applied. */
  cursor(): bigint;
  /** Applies the accepted envelopes of `[cursor(), nextWalSeq)`, in order; afterwards `cursor()` is `nextWalSeq`. */
  apply(outcome: BatchOutcome, nextWalSeq: bigint): void;
}

/** A view that writes checkpoints. */
export interface CheckpointedView extends LogView {
  /** Cursor of the newest checkpoint. */
  checkpointCursor(): bigint;
  /** Makes the present state durable; a crash at any point leaves the old checkpoint or the new one. */
  checkpoint(): Promise<void>;
}

/**
 * Records replayed at a time: at most 64 day-long envelopes of minute readings, about 92,000 readings, are in memory.
 */
export const REPLAY_RECORDS_MAX = 64;

/** Applies to each view what it has not seen of the log; one pass serves all, as a replay cannot cheaply go back. */
export async function catchUp(engine: Engine, views: readonly LogView[]): Promise<void> {
  let from = smallest(views.map((view) => view.cursor())) ?? 0n;
  for (;;) {
    const { outcome, nextWalSeq } = await engine.replay(from, recordsUntilNextView(views, from));
    if (nextWalSeq === from) return;
    for (const view of views) if (view.cursor() <= from) view.apply(outcome, nextWalSeq);
    from = nextWalSeq;
  }
}

/** A view takes an outcome whole, so none may begin before its cursor and end after it. */
function recordsUntilNextView(views: readonly LogView[], from: bigint): number {
  const next = smallest(views.map((view) => view.cursor()).filter((cursor) => cursor > from));
  const isNear = next !== undefined && next - from < REPLAY_RECORDS_MAX;
  return isNear ? Number(next - from) : REPLAY_RECORDS_MAX;
}

/** Position after the last accepted envelope of an outcome; undefined when it has none. */
export function endOf(outcome: BatchOutcome): bigint | undefined {
  return outcome.walRange?.end;
}

function smallest(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (least, value) => (least === undefined || value < least ? value : least),
    undefined,
  );
}
