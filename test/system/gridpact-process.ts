import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sleep, wallClock } from "@gridpact/host";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";

const LAUNCHER = join(REPOSITORY_ROOT, "cloud/cli/bin/gridpact.mjs");

/** How often a state is looked at; what is waited for is the state, however long that takes. */
const LOOK_AGAIN_AFTER_MS = 100;

/** Far beyond what anything takes, on a machine with other work as well: a test that waits for ever says nothing. */
const WAIT_MS_MAX = 420_000;

/** Where a part can be reached, as it announces itself. */
export type Announced = { host: string; ports: Record<string, number> };

/** Runs a command of `gridpact` to its end. */
export function gridpact(...args: string[]): { status: number | null; output: string; errors: string } {
  const ended = spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return { status: ended.status, output: ended.stdout, errors: ended.stderr };
}

/** Processes that belong to one data directory; they end together, the youngest first. */
export class Processes {
  readonly #data: string;
  readonly #running: { name: string; child: ChildProcess; ended: Promise<void> }[] = [];
  #failure: Error | undefined;

  constructor(data: string) {
    this.#data = data;
  }

  /** Starts a part of the system, and waits until it announces where it can be reached. */
  async startPart(name: string, args: readonly string[]): Promise<Announced> {
    this.start(name, [LAUNCHER, ...args, "--data", this.#data]);
    const path = join(this.#data, "run", `${name}.json`);
    return this.until(`${name} to announce itself`, async () => {
      return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Announced) : undefined;
    });
  }

  /** Starts a script of Node with a channel, whose end tells it that nobody needs it any more. */
  start(name: string, args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const ended = new Promise<void>((resolve) => {
      child.once("exit", (code, signal) => {
        if (this.#running.some((each) => each.child === child)) {
          this.#failure ??= new Error(`${name} ended by itself: ${signal ?? code}; its log is in ${this.#data}/logs`);
        }
        resolve();
      });
    });
    this.#running.push({ name, child, ended });
    return child;
  }

  /** Asks again and again until the answer is not undefined. Rejects when a process ended that should run. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const wall = wallClock();
    for (let waitedMs = 0; waitedMs <= WAIT_MS_MAX; waitedMs += LOOK_AGAIN_AFTER_MS) {
      if (this.#failure !== undefined) throw this.#failure;
      const found = await look();
      if (found !== undefined) return found;
      await sleep(wall, LOOK_AGAIN_AFTER_MS);
    }
    throw new Error(`waited in vain for ${what}`);
  }

  async stop(): Promise<void> {
    for (let last = this.#running.pop(); last !== undefined; last = this.#running.pop()) {
      last.child.kill("SIGTERM");
      await last.ended;
    }
  }
}
