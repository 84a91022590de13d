/**
 * A virtual node's host in a process of its own, to be killed. It is the product's, on real sockets and the real disk;
 * only the ledger, which is not under test, answers from here.
 */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { type LedgerOutbox, type RunningVirtualNode, runVirtualNode, type VirtualNodeConfig } from "@gridpact/broker";
import { jsonLog, nodeDisk, systemRandom, wallClock } from "@gridpact/host";
import { type Engine, openEngine, openTwinEngine } from "@gridpact/native";
import { type SyncHonesty, volatileDisk } from "./volatile-disk.ts";

/** What the parent decides; passed as JSON in the first argument. */
export type HostOptions = {
  dataDirectory: string;
  /** By default the native engine where it was built. */
  engine?: Engine["kind"];
  /** Puts the twin's log on a disk that forgets what was not synced, see volatile-disk.ts. */
  volatileLog?: SyncHonesty;
};

/** What the host tells its parent over the channel between them. */
export type HostMessage =
  | { state: "opening" }
  | { state: "listening"; engine: Engine["kind"]; ports: RunningVirtualNode["ports"]; caPem: string };

/** The market time unit has no part in this test; both sides only have to agree. */
export const MTU_MS = 900_000;

/** Directory of the write-ahead log in the data directory. */
export const WAL_DIRECTORY = "wal";

/** The rate limit of devices would be the slowest part. */
const PACKETS_UNLIMITED = 1_000_000;

function configOf(dataDirectory: string): VirtualNodeConfig {
  return {
    vnId: "crash",
    mspId: "VnMSP",
    dataDirectory,
    mtuMs: MTU_MS,
    host: "127.0.0.1",
    mqttPort: 0,
    enrolmentPort: 0,
    healthPort: 0,
    serverNames: ["127.0.0.1"],
    // As many as the abusers of test/abusers are, and the honest besides.
    connectionsMax: 16_384,
    packetsPerSecond: PACKETS_UNLIMITED,
    packetsBurst: PACKETS_UNLIMITED,
    store: { kind: "sqlite" },
  };
}

/** Takes every act at once and keeps nothing: its receipt depends on the key only, so a repeated act gets the same. */
const ledgerStub: LedgerOutbox = {
  execute: async (key) => ({ transactionId: createHash("sha256").update(key).digest("hex"), blockNumber: 1 }),
};

function openHostEngine({ dataDirectory, engine, volatileLog }: HostOptions): Promise<Engine> {
  if (volatileLog === undefined) {
    const directoryPath = join(dataDirectory, WAL_DIRECTORY);
    return openEngine({ mtuMs: MTU_MS, directoryPath, ...(engine && { kind: engine }) });
  }
  const disk = volatileDisk(nodeDisk(dataDirectory), volatileLog);
  return openTwinEngine({ mtuMs: MTU_MS, disk, directory: WAL_DIRECTORY });
}

function tell(message: HostMessage): void {
  assert(process.send !== undefined, "the host is started by the crash test, with a channel to it");
  process.send(message);
}

async function main(options: HostOptions): Promise<void> {
  const { dataDirectory } = options;
  // The channel ends when the parent wants this host to stop, and also when the parent is gone.
  let stop = (): void => process.exit(1);
  process.once("disconnect", () => stop());
  const log = jsonLog((line) => process.stderr.write(line), wallClock());
  // Written at a process's good end only, which this one does not have.
  flushCompileCache();
  tell({ state: "opening" });
  const engine = await openHostEngine(options);
  const running = await runVirtualNode(configOf(dataDirectory), {
    clock: wallClock(),
    random: systemRandom,
    disk: nodeDisk(dataDirectory),
    engine,
    outbox: ledgerStub,
    log,
    onFatal: (error) => {
      log.error("fatal", { reason: String(error) });
      process.exit(1);
    },
  });
  stop = () => void running.close().then(() => engine.close());
  tell({ state: "listening", engine: engine.kind, ports: running.ports, caPem: running.caPem });
}

if (import.meta.main) {
  await main(JSON.parse(process.argv[2] ?? "") as HostOptions);
}
