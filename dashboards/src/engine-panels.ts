import type { PanelQuery } from "./flux.ts";
import { level, rate } from "./metric-flux.ts";

/** What the engine has before it, how it verifies, and what its log has come to. */
export const ENGINE_PANELS: readonly PanelQuery[] = [
  level({
    title: "Verifier",
    description:
      "1 for the one that serves: ifma is the fastest, node-crypto says that the native engine is not built.",
    unit: "short",
    metric: "gridpact_engine_verifier",
    by: "verifier",
  }),
  level({
    title: "Envelopes in the engine",
    description: "Submitted and not answered. Near its bound of 65,536 the disk does not sync.",
    unit: "short",
    metric: "gridpact_engine_queued_envelopes",
  }),
  rate({
    title: "Synced groups",
    description: "Groups of envelopes made durable, with one sync each, per second.",
    unit: "ops",
    metric: "gridpact_engine_committed_groups_total",
  }),
  rate({
    title: "Verified signatures",
    description: "Per second. Alone, at three times the cost, are those of devices that have sent a bad one.",
    unit: "ops",
    metric: "gridpact_engine_verified_signatures_total",
    by: "way",
  }),
  rate({
    title: "Signatures over budget",
    description:
      "Beyond their device's share of a group's first batch, per second: a device floods, or empties its spool.",
    unit: "ops",
    metric: "gridpact_engine_over_budget_signatures_total",
  }),
  level({
    title: "Spare device states",
    description: "Kept as memory for the next groups: as many as devices were in one group, at most 4,096.",
    unit: "short",
    metric: "gridpact_engine_spare_states",
  }),
  level({
    title: "Memory of a group",
    description: "Kept for the next group of envelopes; at most 16 MiB.",
    unit: "bytes",
    metric: "gridpact_engine_group_memory_bytes",
  }),
  level({
    title: "Size of the log",
    description: "Durable bytes of the write-ahead log, archived segments not among them.",
    unit: "bytes",
    metric: "gridpact_engine_log_bytes",
  }),
  level({
    title: "Segments of the log",
    description: "Files of the write-ahead log. A log that keeps all is read whole at each start.",
    unit: "short",
    metric: "gridpact_engine_log_segments",
  }),
  rate({
    title: "Retired segments",
    description: "Segments that left the log for the archive, or for good, per second.",
    unit: "ops",
    metric: "gridpact_retention_retired_segments_total",
    by: "fate",
  }),
  level({
    title: "Oldest record",
    description: "When the oldest record of the log was received: time of the keep plus what still holds segments.",
    unit: "dateTimeAsIso",
    metric: "gridpact_retention_oldest_record_timestamp_seconds",
  }),
];
