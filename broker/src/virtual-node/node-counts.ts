import type { Engine, EngineCounters } from "@gridpact/native";
import type { EnrolmentRefusal } from "../enrolment/index.ts";
import type { IngestCounts } from "../ingest/index.ts";
import type { RetentionCounts } from "../retention/index.ts";
import type { StoreFeed } from "../store/index.ts";

/** What the virtual node did since this process started, and where it stands. */
export type NodeCounts = {
  /** `waiting`: envelopes not in a batch yet. */
  ingest: IngestCounts & { waiting: number };
  engine: EngineCounters & Pick<Engine, "verifier">;
  devices: {
    enrolled: number;
    quarantined: number;
    enrolmentRefusals: Partial<Record<EnrolmentRefusal, number>>;
  };
  /** Over the node's whole life, as the batches are durable. */
  anchor: { openLeaves: number; closedBatches: number; anchoredBatches: number; anchoredLeaves: number };
  store: StoreCounts | undefined;
  retention: RetentionCounts;
  /** Position in the log that windows, evidence and anchor have reached. */
  logCursor: bigint;
  /** Taken from devices beside their readings, by channel. */
  messages: Record<"signature" | "flexibility" | "balance", number>;
  /** Failed runs of the work beside the acknowledgement path, by its name; each was tried again. */
  taskFailures: Record<string, number>;
};

/** Of the store behind the log; `NodeCounts.store` is undefined where a node has none. */
export type StoreCounts = {
  /** Records of the log that the store has still to take, at most; rejected envelopes among them. */
  lagRecords: bigint;
  /** Readings written, repeated ones included. */
  readings: number;
};

/** @param logCursor - position in the log that the views in memory have reached, which a store may be ahead of */
export function storeCounts(feed: StoreFeed | undefined, logCursor: bigint): StoreCounts | undefined {
  if (feed === undefined) return undefined;
  const lagRecords = logCursor > feed.cursor() ? logCursor - feed.cursor() : 0n;
  return { lagRecords, readings: feed.storedReadings() };
}
