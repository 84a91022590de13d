/** What a virtual node's host in a process of its own has, whatever loads or kills it. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import {
  type LedgerOutbox,
  type RunningVirtualNode,
  runVirtualNode,
  type StoreConfig,
  type VirtualNodeConfig,
} from "@gridpact/broker";
import { type Disk, jsonLog, systemRandom, wallClock } from "@gridpact/host";
import type { Engine } from "@gridpact/native";

/** The market time unit has no part in a load test; both sides of the log only have to agree. */
export const MTU_MS = 900_000;

/** Directory of the write-ahead log in the data directory. */
export const WAL_DIRECTORY = "wal";

/** The bound of one device's rate is not what is measured. */
const PACKETS_UNLIMITED = 1_000_000;

/** Takes every act at once and keeps nothing: its receipt depends on the key only, so a repeated act gets the same. */
const ledgerStub: LedgerOutbox = {
  execute: async (key) => ({ transactionId: createHash("sha256").update(key).digest("hex"), blockNumber: 1 }),
};

/** On ports of the system's choice, for devices that send as fast as they can. */
export function loadedConfig(own: {
  vnId: string;
  dataDirectory: string;
  connectionsMax: number;
  store: StoreConfig;
}): VirtualNodeConfig {
  return {
    ...own,
    mspId: "VnMSP",
    mtuMs: MTU_MS,
    host: "127.0.0.1",
    mqttPort: 0,
    enrolmentPort: 0,
    healthPort: 0,
    serverNames: ["127.0.0.1"],
    packetsPerSecond: PACKETS_UNLIMITED,
    packetsBurst: PACKETS_UNLIMITED,
  };
}

/** Tells the parent over the channel between them. */
export function tellParent(message: object): void {
  assert(process.send !== undefined, "the host is started by a test, with a channel to it");
  process.send(message);
}

/** Runs the product's host until the parent closes the channel, which also happens when the parent is gone. */
export async function runChildHost(
  config: VirtualNodeConfig,
  { disk, open }: { disk: Disk; open: () => Promise<Engine> },
): Promise<{ running: RunningVirtualNode; engine: Engine }> {
  let stop = (): void => process.exit(1);
  process.once("disconnect", () => stop());
  const log = jsonLog((line) => process.stderr.write(line), wallClock());
  const onFatal = (error: unknown) => {
    log.error("fatal", { reason: String(error) });
    process.exit(1);
  };
  const engine = await open();
  const modules = { clock: wallClock(), random: systemRandom, disk, engine, outbox: ledgerStub, log, onFatal };
  const running = await runVirtualNode(config, modules);
  stop = () => void running.close().then(() => engine.close());
  return { running, engine };
}
