import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostMessage, HostOptions } from "./vn-host.ts";

/** The host did not do what it should; the message says where its output is. */
export class HostError extends Error {
  readonly code = "HOST_FAILED";

  constructor(reason: string, logPath: string) {
    super(`the virtual node's host ${reason}; see ${logPath}`);
    this.name = "HostError";
  }
}

/** Where the host may write beside its data. */
export type HostPlace = {
  /** Keeps the host's output. */
  directory: string;
  /** Program that speaks as vn-host.ts does; by default vn-host.ts. */
  entry?: string;
  onProgress?: (text: string) => void;
};

type Listening = Extract<HostMessage, { state: "listening" }>;

const ENTRY = fileURLToPath(new URL("./vn-host.ts", import.meta.url));

/** A virtual node's host, a child process. */
export class HostProcess {
  readonly #child: ChildProcess;
  readonly #logPath: string;
  readonly #listening: Listening;

  private constructor(child: ChildProcess, logPath: string, listening: Listening) {
    this.#child = child;
    this.#logPath = logPath;
    this.#listening = listening;
  }

  /** Resolves when devices may connect. */
  static async start(options: HostOptions, place: HostPlace): Promise<HostProcess> {
    const logPath = join(place.directory, "vn-host.log");
    const output = openSync(logPath, "a", 0o600);
    const child = spawn(process.execPath, [place.entry ?? ENTRY, JSON.stringify(options)], {
      stdio: ["ignore", output, output, "ipc"],
    });
    closeSync(output);
    // One queue of all messages: what arrives in the same turn as another would be lost between two waits.
    for await (const [message] of on(child, "message", { close: ["exit"] }) as AsyncIterable<[HostMessage]>) {
      if (message.state === "listening") return new HostProcess(child, logPath, message);
      place.onProgress?.(`${message.devices} of ${options.devices} devices enrolled`);
    }
    throw new HostError(`ended with ${endOf(child)}`, logPath);
  }

  pid(): number {
    return this.#child.pid ?? 0;
  }

  engine(): Listening["engine"] {
    return this.#listening.engine;
  }

  ports(): Listening["ports"] {
    return this.#listening.ports;
  }

  /** Ends it in good order, and resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.disconnect();
      await ended;
    }
    if (this.#child.exitCode !== 0) throw new HostError(`ended with ${endOf(this.#child)}`, this.#logPath);
  }
}

function endOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `exit code ${exitCode}`;
}
