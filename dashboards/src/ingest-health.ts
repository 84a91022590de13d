import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { ENGINE_PANELS } from "./engine-panels.ts";
import type { PanelQuery } from "./flux.ts";
import { level, quantile, rate } from "./metric-flux.ts";
import { metricsDashboard, QUARTER_WIDTH, THIRD_WIDTH, withRows } from "./panels.ts";

const PUBACK = "gridpact_session_puback_seconds";

/** Whether devices get their acknowledgements, and what stands in the way. */
export const ACKNOWLEDGEMENT_PANELS: readonly PanelQuery[] = [
  level({
    title: "Ready",
    description: "1 while envelopes are taken and made durable; at 0 devices spool.",
    unit: "short",
    metric: "gridpact_node_ready",
  }),
  rate({
    title: "Received envelopes",
    description: "Made durable or recognised as duplicates, per second.",
    unit: "ops",
    metric: "gridpact_ingest_received_envelopes_total",
  }),
  rate({
    title: "Accepted readings",
    description: "Readings in accepted envelopes, per second.",
    unit: "ops",
    metric: "gridpact_ingest_accepted_readings_total",
  }),
  quantile(
    {
      title: "PUBACK p99",
      description: "Time from the arrival of a PUBLISH to its acknowledgement: 99 of 100 were faster.",
      unit: "s",
      metric: PUBACK,
    },
    0.99,
  ),
  quantile(
    {
      title: "PUBACK median",
      description: "Time from the arrival of a PUBLISH to its acknowledgement: about one sync of the disk.",
      unit: "s",
      metric: PUBACK,
    },
    0.5,
  ),
  level({
    title: "Waiting envelopes",
    description: "Not in a batch yet. Near its bound of 16,384 the CPU or the disk is the limit.",
    unit: "short",
    metric: "gridpact_ingest_waiting_envelopes",
  }),
  rate({
    title: "Batches",
    description: "Made durable by one sync each, per second.",
    unit: "ops",
    metric: "gridpact_ingest_batches_total",
  }),
  rate({
    title: "Holds",
    description: "Sockets not read for a while, per second: a device over its rate, or ingest full.",
    unit: "ops",
    metric: "gridpact_session_holds_total",
  }),
];

/** What was turned away, and what went wrong. */
const REFUSAL_PANELS: readonly PanelQuery[] = [
  rate({
    title: "Accepted envelopes",
    description: "Per second.",
    unit: "ops",
    metric: "gridpact_ingest_accepted_envelopes_total",
  }),
  rate({
    title: "Rejected envelopes",
    description: "Logged with their reason, per second.",
    unit: "ops",
    metric: "gridpact_ingest_rejected_envelopes_total",
    by: "reason",
  }),
  rate({
    title: "Duplicate envelopes",
    description: "Came again with the same bytes, per second: resends after lost connections.",
    unit: "ops",
    metric: "gridpact_ingest_duplicate_envelopes_total",
  }),
  rate({
    title: "Refused connections and packets",
    description: "Per second, by reason.",
    unit: "ops",
    metric: "gridpact_session_refusals_total",
    by: "reason",
  }),
  rate({
    title: "Refused enrolments",
    description: "Per second, by reason.",
    unit: "ops",
    metric: "gridpact_enrolment_refusals_total",
    by: "reason",
  }),
  level({
    title: "Quarantined devices",
    description: "Their envelopes are refused until an operator looks.",
    unit: "short",
    metric: "gridpact_enrolment_quarantined_devices",
  }),
  rate({
    title: "Waits for a full disk",
    description: "Nothing is acknowledged meanwhile; per second.",
    unit: "ops",
    metric: "gridpact_ingest_disk_full_waits_total",
  }),
  rate({
    title: "Overloads",
    description: "Envelopes refused unacknowledged at the bound of the queue, per second; sent again by their devices.",
    unit: "ops",
    metric: "gridpact_ingest_overloads_total",
  }),
  rate({
    title: "Failed background work",
    description: "Runs beside the acknowledgement path that failed and were tried again, per second.",
    unit: "ops",
    metric: "gridpact_background_failures_total",
    by: "task",
  }),
];

/** What it costs. */
export const PROCESS_PANELS: readonly PanelQuery[] = [
  rate({
    title: "CPU",
    description: "Cores in use by the process, all its threads.",
    unit: "short",
    metric: "gridpact_node_cpu_seconds_total",
  }),
  level({
    title: "Memory",
    description: "Resident in the process.",
    unit: "bytes",
    metric: "gridpact_node_resident_bytes",
  }),
  level({
    title: "Connected devices",
    description: "With an MQTT session.",
    unit: "short",
    metric: "gridpact_session_connected_devices",
  }),
  level({
    title: "Connections",
    description: "TLS connections behind the packet guard, the ones without a session included.",
    unit: "short",
    metric: "gridpact_session_sockets",
  }),
  level({
    title: "Handshakes",
    description:
      "TLS handshakes under way. Near its bound (512; 128 by Node) devices come faster than they can shake hands.",
    unit: "short",
    metric: "gridpact_session_handshakes",
  }),
  level({
    title: "Connections that wait for a handshake",
    description: "Their ClientHello is there; it is not their turn yet.",
    unit: "short",
    metric: "gridpact_session_waiting_connections",
  }),
  level({
    title: "Silent connections",
    description: "Without a whole ClientHello: many of them are no devices.",
    unit: "short",
    metric: "gridpact_session_silent_connections",
  }),
  level({
    title: "Held connections",
    description:
      "The last one from their address came to nothing, so they wait up to 16 s: an attack. With Node's TLS only.",
    unit: "short",
    metric: "gridpact_session_held_connections",
  }),
  level({
    title: "Bytes that wait for the host",
    description: "Read from sockets, and not taken up. At the bound of 1 MiB nothing more is read.",
    unit: "bytes",
    metric: "gridpact_session_waiting_bytes",
  }),
];

/** What is derived from the log, and how far behind it. */
const VIEW_PANELS: readonly PanelQuery[] = [
  level({
    title: "Store behind the log",
    description: "Records that the store has still to take; delays no acknowledgement.",
    unit: "short",
    metric: "gridpact_store_lag_records",
  }),
  rate({
    title: "Readings written to the store",
    description: "Repeated ones included, per second.",
    unit: "ops",
    metric: "gridpact_store_written_readings_total",
  }),
  level({
    title: "Leaves without a batch",
    description: "Accepted envelopes in no durable Merkle batch yet.",
    unit: "short",
    metric: "gridpact_anchor_open_leaves",
  }),
  level({
    title: "Closed batches",
    description: "Merkle batches closed.",
    unit: "short",
    metric: "gridpact_anchor_closed_batches",
  }),
  level({
    title: "Anchored batches",
    description: "Merkle batches on the ledger: far behind the closed ones, nothing is anchored.",
    unit: "short",
    metric: "gridpact_anchor_anchored_batches",
  }),
  level({
    title: "Anchored leaves",
    description: "Accepted envelopes under an anchored root.",
    unit: "short",
    metric: "gridpact_anchor_anchored_leaves",
  }),
  level({
    title: "Enrolled devices",
    description: "Ever enrolled.",
    unit: "short",
    metric: "gridpact_enrolment_devices",
  }),
  level({
    title: "Imported energy by feeder",
    description: "Of the newest market time unit.",
    unit: "watth",
    metric: "gridpact_window_import_wh",
    by: "feeder",
  }),
  level({
    title: "Exported energy by feeder",
    description: "Of the newest market time unit.",
    unit: "watth",
    metric: "gridpact_window_export_wh",
    by: "feeder",
  }),
];

/** Every metric of the node; a test holds it against what `/metrics` serves. */
export const INGEST_HEALTH_QUERIES: readonly PanelQuery[] = [
  ...ACKNOWLEDGEMENT_PANELS,
  ...PROCESS_PANELS,
  ...ENGINE_PANELS,
  ...REFUSAL_PANELS,
  ...VIEW_PANELS,
];

/** What a virtual node's host looks at: every metric that the node has, the ones that wake somebody up first. */
export function ingestHealthDashboard(): Dashboard {
  const dashboard = metricsDashboard({
    title: "Virtual node: ingest health",
    uid: "gridpact-ingest-health",
    description: "Acknowledgements, refusals, cost and views of one virtual node, from its metrics",
    from: "now-1h",
  });
  withRows(dashboard, [...ACKNOWLEDGEMENT_PANELS, ...PROCESS_PANELS], QUARTER_WIDTH);
  withRows(dashboard, [...ENGINE_PANELS, ...REFUSAL_PANELS, ...VIEW_PANELS], THIRD_WIDTH);
  return dashboard.build();
}
