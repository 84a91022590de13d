import { Counter, Gauge, Registry } from "prom-client";
import type { SessionCounts } from "../session/index.ts";
import type { NodeCounts } from "../virtual-node/index.ts";
import type { WindowSum } from "../window/index.ts";
import { BucketCounts } from "./bucket-counts.ts";

/**
 * What the metrics are read from, each time they are asked for. Their names follow one rule:
 * `gridpact_<module>_<noun>_<unit>[_total]`, base units, seconds; dashboards are checked against them.
 */
export type MetricSource = {
  node: () => NodeCounts;
  sessions: () => SessionCounts | undefined;
  isReady: () => boolean;
  /** Newest window of each feeder. */
  windows: () => { feeder: string; window: WindowSum }[];
};

/** `registry` is of this node alone; a scrape reads all but the acknowledgements from where they are counted. */
export type NodeMetrics = {
  registry: Registry;
  /** How long a PUBLISH waited for its acknowledgement. */
  observePuback: (seconds: number) => void;
};

type Snapshot = { node: NodeCounts; sessions: SessionCounts | undefined; source: MetricSource };
type Sample = { value: number; label?: string };
type Definition = {
  kind: "counter" | "gauge";
  name: string;
  help: string;
  read: (snapshot: Snapshot) => number | Sample[];
  label?: string;
};

/** A number that only grows while the process lives; Prometheus takes its rate. */
function counter(name: string, help: string, read: Definition["read"], label?: string): Definition {
  return { kind: "counter", name, help, read, ...(label !== undefined && { label }) };
}

/** A number that stands where it stands. What is durable is a gauge even if it only grows: it survives a restart. */
function gauge(name: string, help: string, read: Definition["read"], label?: string): Definition {
  return { kind: "gauge", name, help, read, ...(label !== undefined && { label }) };
}

/** Who connects, and who is turned away. */
const SESSION_METRICS: readonly Definition[] = [
  gauge(
    "gridpact_session_connected_devices",
    "Devices with an MQTT session",
    ({ sessions }) => sessions?.connectedDevices ?? 0,
  ),
  gauge(
    "gridpact_session_sockets",
    "TLS connections behind the packet guard",
    ({ sessions }) => sessions?.sockets ?? 0,
  ),
  gauge(
    "gridpact_session_handshakes",
    "TLS handshakes under way; at the bound further ones wait",
    ({ sessions }) => sessions?.listener.handshakes ?? 0,
  ),
  gauge(
    "gridpact_session_waiting_connections",
    "Connections that wait for their turn to shake hands",
    ({ sessions }) => sessions?.listener.waiting ?? 0,
  ),
  gauge(
    "gridpact_session_silent_connections",
    "Connections that have not sent a whole ClientHello",
    ({ sessions }) => sessions?.listener.silent ?? 0,
  ),
  gauge(
    "gridpact_session_held_connections",
    "Connections not read for a while, as the last one from that address came to nothing (Node's TLS only)",
    ({ sessions }) => sessions?.listener.held ?? 0,
  ),
  gauge(
    "gridpact_session_waiting_bytes",
    "Bytes that were read from sockets and not taken up; at the bound of 1 MiB nothing more is read",
    ({ sessions }) => sessions?.listener.waitingBytes ?? 0,
  ),
  counter(
    "gridpact_session_holds_total",
    "Times a socket was not read for a while: device over its rate, or ingest full",
    ({ sessions }) => sessions?.holds ?? 0,
  ),
  counter(
    "gridpact_session_refusals_total",
    "Connections, packets and subscriptions refused",
    ({ sessions }) => labelled(sessions?.refusals ?? {}),
    "reason",
  ),
];

/** received = accepted + duplicate + rejected over all reasons: what is acknowledged is stored or rejected. */
const INGEST_METRICS: readonly Definition[] = [
  counter(
    "gridpact_ingest_received_envelopes_total",
    "Envelopes made durable or recognised as duplicates",
    ({ node }) => node.ingest.received,
  ),
  counter("gridpact_ingest_accepted_envelopes_total", "Envelopes accepted", ({ node }) => node.ingest.accepted),
  counter(
    "gridpact_ingest_accepted_readings_total",
    "Readings in accepted envelopes",
    ({ node }) => node.ingest.readingsAccepted,
  ),
  counter(
    "gridpact_ingest_duplicate_envelopes_total",
    "Envelopes that came again with the same bytes",
    ({ node }) => node.ingest.duplicates,
  ),
  counter(
    "gridpact_ingest_rejected_envelopes_total",
    "Envelopes rejected, and logged with their reason",
    ({ node }) => labelled(node.ingest.rejected),
    "reason",
  ),
  counter("gridpact_ingest_batches_total", "Batches made durable", ({ node }) => node.ingest.batches),
  gauge("gridpact_ingest_waiting_envelopes", "Envelopes not in a batch yet", ({ node }) => node.ingest.waiting),
  counter(
    "gridpact_ingest_disk_full_waits_total",
    "Times a batch waited because the disk was full",
    ({ node }) => node.ingest.diskFullWaits,
  ),
  counter(
    "gridpact_ingest_overloads_total",
    "Envelopes refused unacknowledged at the bound of the queue",
    ({ node }) => node.ingest.overloads,
  ),
];

/** The native engine or its twin: what is before it, how it verifies, and its log. */
const ENGINE_METRICS: readonly Definition[] = [
  gauge(
    "gridpact_engine_verifier",
    "1 for how signatures are verified: ifma (eight lanes), avx2 or portable (batches), node-crypto (no native engine)",
    ({ node }) => [{ label: node.engine.verifier, value: 1 }],
    "verifier",
  ),
  gauge(
    "gridpact_engine_queued_envelopes",
    "Envelopes submitted to the engine and not answered; at the bound no more are submitted",
    ({ node }) => node.engine.queuedEnvelopes,
  ),
  counter(
    "gridpact_engine_committed_groups_total",
    "Groups of envelopes made durable, with one sync each",
    ({ node }) => node.engine.committedGroups,
  ),
  counter(
    "gridpact_engine_verified_signatures_total",
    "Signatures verified: together in batches, or alone, as those of devices that have sent a bad one",
    ({ node }) => labelled({ together: node.engine.verifiedTogether, alone: node.engine.verifiedAlone }),
    "way",
  ),
  counter(
    "gridpact_engine_over_budget_signatures_total",
    "Signatures beyond their device's share of a group's first batch, verified after the others' or not at all",
    ({ node }) => node.engine.overBudget,
  ),
  gauge(
    "gridpact_engine_spare_states",
    "Device states kept as memory for later groups, at most 4,096",
    ({ node }) => node.engine.spareStates,
  ),
  gauge(
    "gridpact_engine_group_memory_bytes",
    "Memory kept for the next group, at most 16 MiB",
    ({ node }) => node.engine.groupMemoryBytes,
  ),
  gauge("gridpact_engine_log_segments", "Files of the write-ahead log", ({ node }) => node.engine.logSegments),
  gauge("gridpact_engine_log_bytes", "Durable bytes of the write-ahead log", ({ node }) => node.engine.logBytes),
  counter(
    "gridpact_retention_retired_segments_total",
    "Segments that left the log, archived or deleted; none when all is kept",
    ({ node }) => {
      const { fate, retiredSegments } = node.retention;
      return fate === undefined ? [] : labelled({ [fate]: retiredSegments });
    },
    "fate",
  ),
  gauge(
    "gridpact_retention_oldest_record_timestamp_seconds",
    "When the oldest record of the log was received",
    ({ node }) => (node.retention.oldestReceivedAtUnixMs ?? 0) / 1_000,
  ),
];

/** The devices, and what is derived from their readings. */
const NODE_METRICS: readonly Definition[] = [
  gauge("gridpact_node_ready", "1 when envelopes are taken and made durable, else 0", ({ source }) =>
    Number(source.isReady()),
  ),
  gauge("gridpact_node_resident_bytes", "Memory of the process", () => process.memoryUsage.rss()),
  counter("gridpact_node_cpu_seconds_total", "CPU of the process, all its threads", () => cpuSeconds()),
  gauge("gridpact_enrolment_devices", "Devices ever enrolled", ({ node }) => node.devices.enrolled),
  gauge(
    "gridpact_enrolment_quarantined_devices",
    "Devices whose envelopes are refused until an operator looks",
    ({ node }) => node.devices.quarantined,
  ),
  counter(
    "gridpact_enrolment_refusals_total",
    "Enrolments refused",
    ({ node }) => labelled(node.devices.enrolmentRefusals),
    "reason",
  ),
  gauge(
    "gridpact_anchor_open_leaves",
    "Accepted envelopes in no durable Merkle batch yet",
    ({ node }) => node.anchor.openLeaves,
  ),
  gauge("gridpact_anchor_closed_batches", "Merkle batches closed", ({ node }) => node.anchor.closedBatches),
  gauge("gridpact_anchor_anchored_batches", "Merkle batches on the ledger", ({ node }) => node.anchor.anchoredBatches),
  gauge(
    "gridpact_anchor_anchored_leaves",
    "Accepted envelopes under an anchored root",
    ({ node }) => node.anchor.anchoredLeaves,
  ),
  gauge("gridpact_store_lag_records", "Records of the log that the store has still to take", ({ node }) =>
    Number(node.store?.lagRecords ?? 0n),
  ),
  counter(
    "gridpact_store_written_readings_total",
    "Readings written to the store, repeated ones included",
    ({ node }) => node.store?.readings ?? 0,
  ),
  gauge(
    "gridpact_window_import_wh",
    "Imported energy of the newest market time unit",
    ({ source }) => source.windows().map(({ feeder, window }) => sample(feeder, window.importWh)),
    "feeder",
  ),
  gauge(
    "gridpact_window_export_wh",
    "Exported energy of the newest market time unit",
    ({ source }) => source.windows().map(({ feeder, window }) => sample(feeder, window.exportWh)),
    "feeder",
  ),
  counter(
    "gridpact_background_failures_total",
    "Runs of work beside the acknowledgement path that failed and were tried again",
    ({ node }) => labelled(node.taskFailures),
    "task",
  ),
];

/** From a sync of a fast disk to a batch behind a slow one. */
const PUBACK_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Metrics of one virtual node, in a registry of its own: several may run in one process. */
export function nodeMetrics(vnId: string, source: MetricSource): NodeMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ vn: vnId });
  for (const definition of [...SESSION_METRICS, ...INGEST_METRICS, ...ENGINE_METRICS, ...NODE_METRICS]) {
    register(registry, definition, source);
  }
  const puback = new BucketCounts({
    name: "gridpact_session_puback_seconds",
    help: "Time from the arrival of a PUBLISH to its acknowledgement",
    bounds: PUBACK_BUCKETS_SECONDS,
  });
  registry.registerMetric(puback.metric());
  return { registry, observePuback: (seconds) => puback.observe(seconds) };
}

/** Counts live with who counts; prom-client only asks for them when somebody asks it. */
function register(registry: Registry, { name, help, kind, label, read }: Definition, source: MetricSource): void {
  const samples = (): Sample[] => {
    const value = read({ node: source.node(), sessions: source.sessions(), source });
    return typeof value === "number" ? [{ value }] : value;
  };
  const labels = (sampleLabel: string | undefined) => (label === undefined ? {} : { [label]: sampleLabel ?? "" });
  const common = { name, help, registers: [registry], labelNames: label === undefined ? [] : [label] };
  if (kind === "gauge") {
    new Gauge({
      ...common,
      collect() {
        this.reset();
        for (const { label: sampleLabel, value } of samples()) this.set(labels(sampleLabel), value);
      },
    });
  } else {
    new Counter({
      ...common,
      collect() {
        this.reset();
        for (const { label: sampleLabel, value } of samples()) this.inc(labels(sampleLabel), value);
      },
    });
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function labelled(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([label, value]) => ({ label, value }));
}

function sample(label: string, value: bigint): Sample {
  return { label, value: Number(value) };
}
