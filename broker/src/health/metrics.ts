import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { SessionCounts } from "../session/index.ts";
import type { NodeCounts } from "../virtual-node/index.ts";
import type { WindowSum } from "../window/index.ts";

/** What the metrics are read from, each time they are asked for. */
export type MetricSource = {
  node: () => NodeCounts;
  sessions: () => SessionCounts | undefined;
  isReady: () => boolean;
  /** Newest window of each feeder. */
  windows: () => { feeder: string; window: WindowSum }[];
};

export type NodeMetrics = {
  registry: Registry;
  /** How long a PUBLISH waited for its acknowledgement. */
  observePuback: (seconds: number) => void;
};

type Snapshot = { node: NodeCounts; sessions: SessionCounts | undefined; source: MetricSource };
type Sample = { value: number; label?: string };
type Definition = {
  name: string;
  help: string;
  kind: "counter" | "gauge";
  label?: string;
  read: (snapshot: Snapshot) => number | Sample[];
};

/** Every metric that is read from counts: `gridpact_<module>_<noun>_<unit>[_total]`. */
const DEFINITIONS: readonly Definition[] = [
  {
    name: "gridpact_node_ready",
    help: "1 when envelopes are taken and made durable, else 0",
    kind: "gauge",
    read: ({ source }) => Number(source.isReady()),
  },
  {
    name: "gridpact_session_connected_devices",
    help: "Devices with an MQTT session",
    kind: "gauge",
    read: ({ sessions }) => sessions?.connectedDevices ?? 0,
  },
  {
    name: "gridpact_session_sockets",
    help: "TLS connections behind the packet guard",
    kind: "gauge",
    read: ({ sessions }) => sessions?.sockets ?? 0,
  },
  {
    name: "gridpact_session_holds_total",
    help: "Times a socket was not read for a while: device over its rate, or ingest full",
    kind: "counter",
    read: ({ sessions }) => sessions?.holds ?? 0,
  },
  {
    name: "gridpact_session_refusals_total",
    help: "Connections, packets and subscriptions refused",
    kind: "counter",
    label: "reason",
    read: ({ sessions }) => labelled(sessions?.refusals ?? {}),
  },
  {
    name: "gridpact_ingest_received_envelopes_total",
    help: "Envelopes made durable or recognised as duplicates",
    kind: "counter",
    read: ({ node }) => node.ingest.received,
  },
  {
    name: "gridpact_ingest_accepted_envelopes_total",
    help: "Envelopes accepted",
    kind: "counter",
    read: ({ node }) => node.ingest.accepted,
  },
  {
    name: "gridpact_ingest_accepted_readings_total",
    help: "Readings in accepted envelopes",
    kind: "counter",
    read: ({ node }) => node.ingest.readingsAccepted,
  },
  {
    name: "gridpact_ingest_duplicate_envelopes_total",
    help: "Envelopes that came again with the same bytes",
    kind: "counter",
    read: ({ node }) => node.ingest.duplicates,
  },
  {
    name: "gridpact_ingest_rejected_envelopes_total",
    help: "Envelopes rejected, and logged with their reason",
    kind: "counter",
    label: "reason",
    read: ({ node }) => labelled(node.ingest.rejected),
  },
  {
    name: "gridpact_ingest_batches_total",
    help: "Batches made durable",
    kind: "counter",
    read: ({ node }) => node.ingest.batches,
  },
  {
    name: "gridpact_ingest_waiting_envelopes",
    help: "Envelopes not in a batch yet",
    kind: "gauge",
    read: ({ node }) => node.ingest.waiting,
  },
  {
    name: "gridpact_ingest_disk_full_waits_total",
    help: "Times a batch waited because the disk was full",
    kind: "counter",
    read: ({ node }) => node.ingest.diskFullWaits,
  },
  {
    name: "gridpact_ingest_overloads_total",
    help: "Envelopes refused unacknowledged at the bound of the queue",
    kind: "counter",
    read: ({ node }) => node.ingest.overloads,
  },
  {
    name: "gridpact_enrolment_devices",
    help: "Devices ever enrolled",
    kind: "gauge",
    read: ({ node }) => node.devices.enrolled,
  },
  {
    name: "gridpact_enrolment_quarantined_devices",
    help: "Devices whose envelopes are refused until an operator looks",
    kind: "gauge",
    read: ({ node }) => node.devices.quarantined,
  },
  {
    name: "gridpact_enrolment_refusals_total",
    help: "Enrolments refused",
    kind: "counter",
    label: "reason",
    read: ({ node }) => labelled(node.devices.enrolmentRefusals),
  },
  {
    name: "gridpact_anchor_open_leaves",
    help: "Accepted envelopes in no durable Merkle batch yet",
    kind: "gauge",
    read: ({ node }) => node.anchor.openLeaves,
  },
  {
    name: "gridpact_anchor_closed_batches",
    help: "Merkle batches closed",
    kind: "gauge",
    read: ({ node }) => node.anchor.closedBatches,
  },
  {
    name: "gridpact_anchor_anchored_batches",
    help: "Merkle batches on the ledger",
    kind: "gauge",
    read: ({ node }) => node.anchor.anchoredBatches,
  },
  {
    name: "gridpact_anchor_anchored_leaves",
    help: "Accepted envelopes under an anchored root",
    kind: "gauge",
    read: ({ node }) => node.anchor.anchoredLeaves,
  },
  {
    name: "gridpact_store_lag_records",
    help: "Records of the log that the store has still to take",
    kind: "gauge",
    read: ({ node }) => Number(node.store?.lagRecords ?? 0n),
  },
  {
    name: "gridpact_store_written_readings_total",
    help: "Readings written to the store, repeated ones included",
    kind: "counter",
    read: ({ node }) => node.store?.readings ?? 0,
  },
  {
    name: "gridpact_window_import_wh",
    help: "Imported energy of the newest market time unit",
    kind: "gauge",
    label: "feeder",
    read: ({ source }) => source.windows().map(({ feeder, window }) => sample(feeder, window.importWh)),
  },
  {
    name: "gridpact_window_export_wh",
    help: "Exported energy of the newest market time unit",
    kind: "gauge",
    label: "feeder",
    read: ({ source }) => source.windows().map(({ feeder, window }) => sample(feeder, window.exportWh)),
  },
  {
    name: "gridpact_background_failures_total",
    help: "Runs of work beside the acknowledgement path that failed and were tried again",
    kind: "counter",
    label: "task",
    read: ({ node }) => labelled(node.taskFailures),
  },
];

/** From a sync of a fast disk to a batch behind a slow one. */
const PUBACK_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Metrics of one virtual node, in a registry of its own: several may run in one process. */
export function nodeMetrics(vnId: string, source: MetricSource): NodeMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ vn: vnId });
  for (const definition of DEFINITIONS) register(registry, definition, source);
  const puback = new Histogram({
    name: "gridpact_session_puback_seconds",
    help: "Time from the arrival of a PUBLISH to its acknowledgement",
    buckets: PUBACK_BUCKETS_SECONDS,
    registers: [registry],
  });
  return { registry, observePuback: (seconds) => puback.observe(seconds) };
}

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

function labelled(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([label, value]) => ({ label, value }));
}

function sample(label: string, value: bigint): Sample {
  return { label, value: Number(value) };
}
