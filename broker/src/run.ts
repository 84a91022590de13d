import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type Disk, type Log, type Random, repeat, type Timer, wallClock } from "@gridpact/host";
import type { Authority, Validity } from "@gridpact/ledger";
import type { Engine } from "@gridpact/native";
import type { DeviceLink } from "./agent/links.ts";
import { type StoreConfig, TICK_MS_DEFAULT, type VirtualNodeConfig } from "./config.ts";
import {
  type EnrolmentServer,
  listenForEnrolment,
  openAuthority,
  openServerKey,
  validityBy,
} from "./enrolment/index.ts";
import { type HealthServer, listenForHealth, type NodeMetrics, nodeMetrics } from "./health/index.ts";
import type { LedgerOutbox } from "./ledger-outbox.ts";
import { retentionPolicy } from "./retention/index.ts";
import { SessionServer } from "./session/index.ts";
import { InfluxReadingStore, type ReadingStore, SqliteReadingStore } from "./store/index.ts";
import { openVirtualNode, type VirtualNode } from "./virtual-node/index.ts";

/** Something that looks at where things stand and does the next step; called again and again. */
export type Agent = { tick(): Promise<void> };

export type RunModules = {
  /** The market's time; may be accelerated. Networks and certificates go by the machine's. */
  clock: Clock;
  random: Random;
  /** The data directory of the configuration. */
  disk: Disk;
  /** The caller's, on the same disk, with the same market time unit, the configuration's archive, the store's rows. */
  engine: Engine;
  outbox: LedgerOutbox;
  log: Log;
  /** Who certifies devices, where nodes share an organisation; by default kept on `disk`, made when missing. */
  authority?: Authority;
  /** Makes the agent, once node and device link are there. */
  agent?: (parts: { node: VirtualNode; store: ReadingStore | undefined; devices: DeviceLink }) => Promise<Agent>;
  /** Told once when the log cannot be trusted any more: the process MUST end. */
  onFatal: (error: unknown) => void;
};

/** A node with its sockets, for whoever started it: the CLI, a demonstration, a load test. */
export type RunningVirtualNode = {
  node: VirtualNode;
  store: ReadingStore | undefined;
  /** The way down to the connected devices. */
  devices: DeviceLink;
  /** Certificate by which devices know this node's servers. */
  caPem: string;
  ports: { mqtt: number; enrolment: number; health: number };
  /** Ends sessions, finishes what is under way, closes the store. The engine stays open. */
  close(): Promise<void>;
};

/**
 * Runs a virtual node with its real sockets: MQTT over mutual TLS, HTTPS enrolment, health on loopback. Nothing is
 * accepted before the views have caught up with the log. What was opened is closed in reverse order, and also when
 * something on the way fails, such as a port that is taken.
 */
export async function runVirtualNode(config: VirtualNodeConfig, modules: RunModules): Promise<RunningVirtualNode> {
  const opened = new AsyncDisposableStack();
  try {
    const running = await open(config, modules, opened);
    return { ...running, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function open(
  config: VirtualNodeConfig,
  modules: RunModules,
  opened: AsyncDisposableStack,
): Promise<Omit<RunningVirtualNode, "close">> {
  const { disk, log } = modules;
  const { vnId } = config;
  const certificates = await openCertificates(config, modules);
  const store = await openStore(config, { disk, log });
  opened.defer(() => store?.close());
  const retention = retentionPolicy(config.retention);
  const { mspId, mtuMs } = config;
  const options = { vnId, mspId, mtuMs, ...(retention && { retention }) };
  const node = await openVirtualNode(options, { ...modules, ...certificates, ...(store && { store }) });
  opened.defer(() => node.close());
  const { sessions, enrolment, health } = await listen(config, { ...certificates, node, log }, opened);
  const agent = await modules.agent?.({ node, store, devices: sessions });
  for (const ticking of agent === undefined ? [node] : [node, agent]) {
    const timer = keepTicking(ticking, config.tickPeriodMs ?? TICK_MS_DEFAULT, log);
    opened.defer(() => timer.cancel());
  }
  const ports = { mqtt: sessions.port(), enrolment: enrolment.port, health: health.port };
  log.info("virtual_node_listens", { vnId, ...ports });
  return { node, store, devices: sessions, caPem: certificates.authority.certificatePem, ports };
}

type Certificates = { authority: Authority; validity: Validity; tls: { keyPem: string; certificatePem: string } };

/** TLS goes by the machine's time, the ledger by the market's: what is issued holds by both. */
async function openCertificates(config: VirtualNodeConfig, modules: RunModules): Promise<Certificates> {
  const { vnId, mspId, serverNames } = config;
  const validity = validityBy(wallClock(), modules.clock);
  const authority = modules.authority ?? (await openAuthority({ mspId, validity }, modules));
  const { key, certificatePem } = await openServerKey({ authority, vnId, serverNames, validity }, modules);
  const keyPem = key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  return { authority, validity, tls: { keyPem, certificatePem } };
}

type ListenModules = Certificates & { node: VirtualNode; log: Log };

type Servers = { sessions: SessionServer; enrolment: EnrolmentServer; health: HealthServer };

/** Health comes first, so that whoever waits for readiness gets an answer. */
async function listen(
  config: VirtualNodeConfig,
  modules: ListenModules,
  opened: AsyncDisposableStack,
): Promise<Servers> {
  const { node, log, tls, authority } = modules;
  const clock = wallClock();
  const started: { sessions?: SessionServer } = {};
  const faults = () => [...node.faults(), ...(started.sessions === undefined ? ["starting"] : [])];
  const metrics = metricsOf(config.vnId, { node, sessions: () => started.sessions, faults });
  const health = await listenForHealth(config.healthPort, { faults, registry: metrics.registry });
  opened.defer(() => health.close());
  const { host, connectionsMax, packetsPerSecond, packetsBurst, publishPath = "lane", listener } = config;
  const caPem = authority.certificatePem;
  const sessions = await SessionServer.listen(
    {
      host,
      port: config.mqttPort,
      ...tls,
      caPem,
      connectionsMax,
      packetsPerSecond,
      packetsBurst,
      publishPath,
      listener,
    },
    { clock, log, backend: node, onDurable: (waitedMs) => metrics.observePuback(waitedMs / 1_000) },
  );
  opened.defer(() => sessions.close());
  const enrolment = await listenForEnrolment(
    { host, port: config.enrolmentPort, ...tls, mqttPort: sessions.port() },
    { clock, enrol: (request) => node.enrol(request) },
  );
  opened.defer(() => enrolment.close());
  started.sessions = sessions;
  return { sessions, enrolment, health };
}

/** Sessions come later than the metrics do, so they are asked for each time. */
function metricsOf(
  vnId: string,
  modules: { node: VirtualNode; sessions: () => SessionServer | undefined; faults: () => string[] },
): NodeMetrics {
  const { node, sessions, faults } = modules;
  return nodeMetrics(vnId, {
    node: () => node.counts(),
    sessions: () => sessions()?.counts(),
    isReady: () => faults().length === 0,
    windows: () => newestWindows(node),
  });
}

/** One sample for each feeder with a reading in the newest window. */
function newestWindows({ windows }: VirtualNode) {
  const newest = windows.newest();
  if (newest === undefined) return [];
  return windows.feeders().flatMap((feeder) => {
    const window = windows.sum(newest.startUnixMs, feeder);
    return window === undefined ? [] : { feeder, window };
  });
}

/** SQLite needs a real directory; InfluxDB keeps its cursor on the node's disk. */
async function openStore(
  config: { dataDirectory: string; store: StoreConfig },
  modules: { disk: Disk; log: Log },
): Promise<ReadingStore | undefined> {
  const { store } = config;
  switch (store.kind) {
    case "none":
      return undefined;
    case "influx":
      return new InfluxReadingStore(store, modules);
    case "sqlite": {
      const directory = join(config.dataDirectory, "store");
      await mkdir(directory, { recursive: true });
      return new SqliteReadingStore(join(directory, "readings.sqlite"));
    }
  }
}

/** A tick that fails is logged, and the next one comes all the same: each looks at everything anew. */
function keepTicking(ticking: Agent, periodMs: number, log: Log): Timer {
  return repeat({
    clock: wallClock(),
    periodMs,
    task: () => ticking.tick(),
    onError: (error) => {
      log.error("tick_failed", { reason: String(error) });
      return true;
    },
  });
}
