import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { type Clock, sleep } from "@gridpact/host";
import { FabricError } from "./fabric-error.ts";
import type { FabricPaths } from "./paths.ts";

/** `environment` is all that the process gets, but for a PATH: nothing of the operator's own reaches it. */
export type NodeProcess = {
  name: string;
  path: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
};

/** Starts a node that goes on when this process ends, its output in its log; nothing happens when it runs already. */
export function startNode(node: NodeProcess, paths: FabricPaths): void {
  if (pidOf(node.name, paths) !== undefined) return;
  for (const file of [paths.log(node.name), paths.processFile(node.name)]) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  const log = openSync(paths.log(node.name), "a", 0o600);
  const child = spawn(node.path, node.args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: "/usr/bin:/bin", ...node.environment },
  });
  // The child has its own by now.
  closeSync(log);
  child.unref();
  writeFileSync(paths.processFile(node.name), JSON.stringify({ pid: child.pid, path: node.path }));
}

/** Process id of a node that runs; undefined when it does not. */
export function pidOf(name: string, paths: FabricPaths): number | undefined {
  const file = paths.processFile(name);
  if (!existsSync(file)) return undefined;
  const { pid, path } = JSON.parse(readFileSync(file, "utf8")) as { pid: number; path: string };
  return isRunning(pid, path) ? pid : undefined;
}

/** Ends a node in good order, or by force when it has not ended in time. */
export async function stopNode(name: string, paths: FabricPaths, clock: Clock): Promise<void> {
  const pid = pidOf(name, paths);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const isGone = await within(STOP_MS_MAX, clock, async () => pidOf(name, paths) === undefined);
    if (!isGone) process.kill(pid, "SIGKILL");
  }
  rmSync(paths.processFile(name), { force: true });
}

/** @throws FabricError FABRIC_NODE_NOT_READY, naming the log, when the probe does not succeed in time */
export async function awaitReady(
  name: string,
  probe: () => Promise<boolean>,
  { paths, clock }: { paths: FabricPaths; clock: Clock },
): Promise<void> {
  if (await within(READY_MS_MAX, clock, probe)) return;
  throw new FabricError("FABRIC_NODE_NOT_READY", `${name} did not get ready; its log is ${paths.log(name)}`);
}

/** Whether a server accepts connections there. */
export function isListening({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** Whether a condition came true in time. */
export async function within(msMax: number, clock: Clock, condition: () => Promise<boolean>): Promise<boolean> {
  const lastUnixMs = clock.nowUnixMs() + msMax;
  while (!(await condition())) {
    if (clock.nowUnixMs() > lastUnixMs) return false;
    await sleep(clock, LOOK_AGAIN_AFTER_MS);
  }
  return true;
}

/** A node that has much to replay on a busy machine takes tens of seconds. */
const READY_MS_MAX = 120_000;

/** Closing the databases takes a second or two. */
const STOP_MS_MAX = 20_000;

const LOOK_AGAIN_AFTER_MS = 200;

/** A process of that id runs, and it is ours: ids are given again. */
function isRunning(pid: number, path: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // No such process, or somebody else's.
    return false;
  }
  if (!existsSync("/proc/self/cmdline")) return true;
  try {
    // A process that has ended and that nobody has waited for yet has an empty command line.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(path);
  } catch {
    // It ended since it was asked for above.
    return false;
  }
}
