import type { BatchOutcome } from "@gridpact/native";
import { VERDICT, verdictLabel } from "@gridpact/proto";

/** What became of the envelopes since this process started. received = accepted + duplicates + sum of rejected. */
export type IngestCounts = {
  received: number;
  accepted: number;
  duplicates: number;
  /** By verdict label, such as `bad_signature`. */
  rejected: Record<string, number>;
  /** Readings inside the accepted envelopes. */
  readingsAccepted: number;
  /** Batches made durable, each by one sync. */
  batches: number;
  /** Times a batch waited because the disk was full. */
  diskFullWaits: number;
  /** Envelopes refused unacknowledged because the queue was at its bound. */
  overloads: number;
};

/** Where a process starts. Counters do not survive it, as Prometheus expects. */
export function noCounts(): IngestCounts {
  return {
    received: 0,
    accepted: 0,
    duplicates: 0,
    rejected: {},
    readingsAccepted: 0,
    batches: 0,
    diskFullWaits: 0,
    overloads: 0,
  };
}

/** Adds one durable batch. */
export function countOutcome(counts: IngestCounts, outcome: BatchOutcome): void {
  counts.batches += 1;
  counts.received += outcome.verdicts.length;
  counts.readingsAccepted += outcome.readingCount;
  for (const verdict of outcome.verdicts) countVerdict(counts, verdict);
}

function countVerdict(counts: IngestCounts, verdict: number): void {
  if (verdict === VERDICT.ACCEPTED) {
    counts.accepted += 1;
  } else if (verdict === VERDICT.DUPLICATE) {
    counts.duplicates += 1;
  } else {
    const label = verdictLabel(verdict);
    counts.rejected[label] = (counts.rejected[label] ?? 0) + 1;
  }
}
