/**
 * A virtual node in a process of its own, to be loaded: the product's, with its sockets, on the real disk; only the
 * ledger, which is not on the way of a reading, answers from here. Devices are enrolled by the product's own enrolment
 * before it tells that it listens.
 */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type LedgerOutbox,
  type RunningVirtualNode,
  rowsForStore,
  runVirtualNode,
  type StoreConfig,
  type VirtualNodeConfig,
} from "@gridpact/broker";
import { jsonLog, nodeDisk, systemRandom, wallClock } from "@gridpact/host";
import { type Engine, openEngine } from "@gridpact/native";
import { type EnrolmentRequest, enrolmentSigningBytes } from "@gridpact/proto";
import { enrolmentInMemory } from "./enrolment-in-memory.ts";
import { serveFanOut } from "./fan-out.ts";
import { loadDeviceIds, loadKey } from "./load-key.ts";
import { writeLoadProfile } from "./load-profile.ts";

/** What the parent decides; passed as JSON in the first argument. */
export type HostOptions = {
  dataDirectory: string;
  /** By default the native engine where it was built. */
  engine?: Engine["kind"];
  store: StoreConfig;
  /** How many devices there are. */
  devices: number;
  /**
   * Gets what devices need: enrolled ones for the generator (`Target` of loadtest/generator/mqtt), or the tokens of a
   * `LoadProfile`, with which those of k6 enrol themselves.
   */
  targetPath: string;
  target?: "enrolled" | "profile";
};

/** What the host tells its parent over the channel between them. */
export type HostMessage =
  | { state: "enrolling"; devices: number }
  | { state: "listening"; engine: Engine["kind"]; ports: RunningVirtualNode["ports"] };

/** Directory of the write-ahead log in the data directory. */
export const WAL_DIRECTORY = "wal";

/** The market time unit has no part in a load test; both sides of the log only have to agree. */
export const MTU_MS = 900_000;

/** The bound of one device's rate is not what is measured. */
const PACKETS_UNLIMITED = 1_000_000;

/** Beside a fleet of 10,000 there are connections of its devices that the host has not given up yet. */
const CONNECTIONS_MAX = 32_768;

const FEEDER = "load";

/** How many devices there are between two messages to the parent: about a second's work. */
const PROGRESS_DEVICES = 500;

/** Takes every act at once and keeps nothing: its receipt depends on the key only, so a repeated act gets the same. */
const ledgerStub: LedgerOutbox = {
  execute: async (key) => ({ transactionId: createHash("sha256").update(key).digest("hex"), blockNumber: 1 }),
};

function configOf({ dataDirectory, engine, store }: HostOptions): VirtualNodeConfig {
  return {
    vnId: "load",
    mspId: "VnMSP",
    dataDirectory,
    mtuMs: MTU_MS,
    host: "127.0.0.1",
    mqttPort: 0,
    enrolmentPort: 0,
    healthPort: 0,
    serverNames: ["127.0.0.1"],
    connectionsMax: CONNECTIONS_MAX,
    packetsPerSecond: PACKETS_UNLIMITED,
    packetsBurst: PACKETS_UNLIMITED,
    // The twin is what the native engine is compared with: JavaScript alone, Node's TLS, every packet through Aedes.
    ...(engine === "twin" && { publishPath: "broker", listener: "node-tls" }),
    store,
  };
}

function tell(message: HostMessage): void {
  assert(process.send !== undefined, "the host is started by a load test, with a channel to it");
  process.send(message);
}

async function enrol({ node }: RunningVirtualNode, deviceId: string) {
  const key = loadKey(deviceId);
  const token = await node.issueToken({ deviceId, feeder: FEEDER });
  const request = { deviceId, publicKey: new Uint8Array(key.publicKey), token };
  const signed: EnrolmentRequest = {
    ...request,
    proofOfPossession: key.sign(enrolmentSigningBytes(request)),
    resources: [],
  };
  const outcome = await node.enrol(signed);
  if (!outcome.isEnrolled) throw new Error(`${deviceId} was not enrolled: ${outcome.reason}`);
  return { deviceId, certificatePem: outcome.certificatePem };
}

async function writeTarget(running: RunningVirtualNode, { devices: count, targetPath }: HostOptions): Promise<void> {
  const devices: Awaited<ReturnType<typeof enrol>>[] = [];
  for (const deviceId of loadDeviceIds(count)) {
    devices.push(await enrol(running, deviceId));
    if (devices.length % PROGRESS_DEVICES === 0) tell({ state: "enrolling", devices: devices.length });
  }
  const target = { address: `127.0.0.1:${running.ports.mqtt}`, caPem: running.caPem, devices };
  writeFileSync(targetPath, JSON.stringify(target), { mode: 0o600 });
}

async function writeProfile(running: RunningVirtualNode, { devices, targetPath }: HostOptions): Promise<void> {
  const deviceIds = loadDeviceIds(devices);
  const fanOutUrl = await serveFanOut(running.devices, deviceIds);
  const nowUnixMs = wallClock().nowUnixMs();
  await writeLoadProfile(targetPath, running, { deviceIds, feeder: FEEDER, nowUnixMs, fanOutUrl });
}

async function main(options: HostOptions): Promise<void> {
  const { dataDirectory } = options;
  // The channel ends when the parent wants this host to stop, and also when the parent is gone.
  let stop = (): void => process.exit(1);
  process.once("disconnect", () => stop());
  const log = jsonLog((line) => process.stderr.write(line), wallClock());
  const engine = await openEngine({
    mtuMs: MTU_MS,
    directoryPath: join(dataDirectory, WAL_DIRECTORY),
    rows: rowsForStore(options.store.kind),
    ...(options.engine && { kind: options.engine }),
  });
  const running = await runVirtualNode(configOf(options), {
    clock: wallClock(),
    random: systemRandom,
    disk: enrolmentInMemory(nodeDisk(dataDirectory)),
    engine,
    outbox: ledgerStub,
    log,
    onFatal: (error) => {
      log.error("fatal", { reason: String(error) });
      process.exit(1);
    },
  });
  stop = () => void running.close().then(() => engine.close());
  await (options.target === "profile" ? writeProfile : writeTarget)(running, options);
  tell({ state: "listening", engine: engine.kind, ports: running.ports });
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? "") as HostOptions);
