/**
 * A virtual node's host in a process of its own, to be killed. It is the product's, on real sockets and the real disk;
 * only the ledger, which is not under test, answers from here.
 */
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import type { RunningVirtualNode } from "@gridpact/broker";
import { nodeDisk } from "@gridpact/host";
import { loadedConfig, MTU_MS, runChildHost, tellParent, WAL_DIRECTORY } from "@gridpact/loadtest";
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

/** As many as the abusers of test/abusers are, and the honest besides. */
const CONNECTIONS_MAX = 16_384;

function openHostEngine({ dataDirectory, engine, volatileLog }: HostOptions): Promise<Engine> {
  if (volatileLog === undefined) {
    const directoryPath = join(dataDirectory, WAL_DIRECTORY);
    return openEngine({ mtuMs: MTU_MS, directoryPath, ...(engine && { kind: engine }) });
  }
  const disk = volatileDisk(nodeDisk(dataDirectory), volatileLog);
  return openTwinEngine({ mtuMs: MTU_MS, disk, directory: WAL_DIRECTORY });
}

function tell(message: HostMessage): void {
  tellParent(message);
}

async function main(options: HostOptions): Promise<void> {
  const { dataDirectory } = options;
  // Written at a process's good end only, which this one does not have.
  flushCompileCache();
  tell({ state: "opening" });
  const store = { kind: "sqlite" } as const;
  const { running, engine } = await runChildHost(
    loadedConfig({ vnId: "crash", dataDirectory, connectionsMax: CONNECTIONS_MAX, store }),
    { disk: nodeDisk(dataDirectory), open: () => openHostEngine(options) },
  );
  tell({ state: "listening", engine: engine.kind, ports: running.ports, caPem: running.caPem });
}

if (import.meta.main) {
  await main(JSON.parse(process.argv[2] ?? "") as HostOptions);
}
