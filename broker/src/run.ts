import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type Disk, type Log, type Random, repeat, type Timer, wallClock } from "@gridpact/host";
import type { Authority } from "@gridpact/ledger";
import type { Engine } from "@gridpact/native";
import type { DeviceLink } from "./agent/links.ts";
import type { StoreConfig, VirtualNodeConfig } from "./config.ts";
import {
  type EnrolmentServer,
  listenForEnrolment,
  openAuthority,
  openServerKey,
  validityBy,
} from "./enrolment/index.ts";
import { type HealthServer, listenForHealth, type NodeMetrics, nodeMetrics } from "./health/index.ts";
import type { LedgerOutbox } from "./ledger-outbox.ts";
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
  /** Opened by the caller on the same disk, with the same market time unit; closed by the caller. */
  engine: Engine;
  outbox: LedgerOutbox;
  log: Log;
  /** Who certifies devices, where nodes share an organisation; by default kept on `disk`, made when missing. */
  authority?: Authority;
  /** Makes the agent, once node and device link are there. */
  agent?: (parts: { node: VirtualNode; store: ReadingStore | undefined; devices: DeviceLink }) => Agent;
  /** Told once when the log cannot be trusted any more: the process MUST end. */
  onFatal: (error: unknown) => void;
};

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

/** Period of the node's and the agent's ticks, by the machine's clock: short against a unit of an accelerated day. */
const TICK_PERIOD_MS = 200;

/** Runs a virtual node with its real sockets: MQTT over mutual TLS, HTTPS enrolment, health on loopback. */
export async function runVirtualNode(config: VirtualNodeConfig, modules: RunModules): Promise<RunningVirtualNode> {
  const { disk, log } = modules;
  const clock = wallClock();
  const { vnId, mspId, serverNames } = config;
  const validity = validityBy(clock, modules.clock);
  const authority = modules.authority ?? (await openAuthority({ mspId, validity }, modules));
  const { key, certificatePem } = await openServerKey({ authority, vnId, serverNames, validity }, modules);
  const tls = { keyPem: key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(), certificatePem };
  const caPem = authority.certificatePem;
  const store = await openStore(config, { disk, log });
  const node = await openVirtualNode(config, { ...modules, authority, validity, ...(store && { store }) });
  const servers = await listen(config, { node, log, clock, tls, caPem });
  const agent = modules.agent?.({ node, store, devices: servers.sessions });
  const timers = [node, agent].flatMap((ticking) => (ticking === undefined ? [] : keepTicking(ticking, log)));
  const { sessions, enrolment, health } = servers;
  log.info("virtual node listens", { vnId, mqtt: sessions.port(), enrolment: enrolment.port, health: health.port });
  return {
    node,
    store,
    devices: sessions,
    caPem,
    ports: { mqtt: sessions.port(), enrolment: enrolment.port, health: health.port },
    async close() {
      for (const timer of timers) timer.cancel();
      await enrolment.close();
      await sessions.close();
      await node.close();
      await store?.close();
      await health.close();
    },
  };
}

type ListenModules = {
  node: VirtualNode;
  log: Log;
  clock: Clock;
  tls: { keyPem: string; certificatePem: string };
  caPem: string;
};

type Servers = { sessions: SessionServer; enrolment: EnrolmentServer; health: HealthServer };

/** Health comes first, so that whoever waits for readiness gets an answer. */
async function listen(config: VirtualNodeConfig, modules: ListenModules): Promise<Servers> {
  const { node, log, clock, tls, caPem } = modules;
  const started: { sessions?: SessionServer } = {};
  const faults = () => [...node.faults(), ...(started.sessions === undefined ? ["starting"] : [])];
  const metrics = metricsOf(config.vnId, { node, sessions: () => started.sessions, faults });
  const health = await listenForHealth(config.healthPort, { faults, registry: metrics.registry });
  const { host, connectionsMax, publishesPerSecond, publishesBurst } = config;
  const sessions = await SessionServer.listen(
    { host, port: config.mqttPort, ...tls, caPem, connectionsMax, publishesPerSecond, publishesBurst },
    { clock, log, backend: node, onDurable: (waitedMs) => metrics.observePuback(waitedMs / 1_000) },
  );
  const enrolment = await listenForEnrolment(
    { host, port: config.enrolmentPort, ...tls, mqttPort: sessions.port() },
    { enrol: (request) => node.enrol(request) },
  );
  started.sessions = sessions;
  return { sessions, enrolment, health };
}

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

function newestWindows({ windows }: VirtualNode) {
  const newest = windows.newest();
  if (newest === undefined) return [];
  return windows.feeders().flatMap((feeder) => {
    const window = windows.sum(newest.startUnixMs, feeder);
    return window === undefined ? [] : { feeder, window };
  });
}

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
function keepTicking(ticking: Agent, log: Log): Timer {
  return repeat({
    clock: wallClock(),
    periodMs: TICK_PERIOD_MS,
    task: () => ticking.tick(),
    onError: (error) => {
      log.error("tick failed", { reason: String(error) });
      return true;
    },
  });
}
