/**
 * A virtual node in a process of its own, to be loaded: the product's, with its sockets, on the real disk; only the
 * ledger, which is not on the way of a reading, answers from here. Devices are enrolled by the product's own enrolment
 * before it tells that it listens.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningVirtualNode, StoreConfig, VirtualNodeConfig } from "@gridpact/broker";
import { nodeDisk, wallClock } from "@gridpact/host";
import { type Engine, openEngine } from "@gridpact/native";
import { type EnrolmentRequest, enrolmentSigningBytes } from "@gridpact/proto";
import { loadedConfig, MTU_MS, runChildHost, tellParent, WAL_DIRECTORY } from "./child-host.ts";
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

/** Beside a fleet of 10,000 there are connections of its devices that the host has not given up yet. */
const CONNECTIONS_MAX = 32_768;

const FEEDER = "load";

/** How many devices there are between two messages to the parent: about a second's work. */
const PROGRESS_DEVICES = 500;

function configOf({ dataDirectory, engine, store }: HostOptions): VirtualNodeConfig {
  return {
    ...loadedConfig({ vnId: "load", dataDirectory, connectionsMax: CONNECTIONS_MAX, store }),
    // The twin is what the native engine is compared with: JavaScript alone, Node's TLS, every packet through Aedes.
    ...(engine === "twin" && { publishPath: "broker", listener: "node-tls" }),
  };
}

function tell(message: HostMessage): void {
  tellParent(message);
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
  const { dataDirectory, engine: kind } = options;
  const directoryPath = join(dataDirectory, WAL_DIRECTORY);
  const { running, engine } = await runChildHost(configOf(options), {
    disk: enrolmentInMemory(nodeDisk(dataDirectory)),
    open: () => openEngine({ mtuMs: MTU_MS, directoryPath, ...(kind && { kind }) }),
  });
  await (options.target === "profile" ? writeProfile : writeTarget)(running, options);
  tell({ state: "listening", engine: engine.kind, ports: running.ports });
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? "") as HostOptions);
