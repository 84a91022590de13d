import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wallClock } from "@gridpact/host";
import type { HostMessage, HostOptions } from "./vn-host.ts";

export type Listening = Extract<HostMessage, { state: "listening" }>;

/** The host did not do what it should; `reason` is for people. */
export class HostError extends Error {
  readonly code = "HOST_FAILED";

  constructor(reason: string) {
    super(reason);
    this.name = "HostError";
  }
}

const ENTRY = fileURLToPath(new URL("./vn-host.ts", import.meta.url));

/** A start takes well under a second; on a machine with twenty times as much to do as it can it took 30 s. */
const START_MS_MAX = 180_000;

/** One life of the virtual node's host: a child process, from its start to its end. */
export class HostProcess {
  readonly #child: ChildProcess;
  readonly #messages = new Map<HostMessage["state"], HostMessage>();
  readonly #ended: Promise<void>;
  #end: string | undefined;

  /** Starts it; `directory` keeps what all lives of a run have in common, such as `vn-host.log` with their output. */
  constructor(options: HostOptions, directory: string) {
    const output = openSync(join(directory, "vn-host.log"), "a", 0o600);
    this.#child = spawn(process.execPath, [ENTRY, JSON.stringify(options)], {
      // Compiled once: loading the code would take longer than all that is tested.
      env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "compiled") },
      stdio: ["ignore", output, output, "ipc"],
    });
    closeSync(output);
    this.#child.on("message", (message: HostMessage) => this.#messages.set(message.state, message));
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", (exitCode, signal) => {
        this.#end = signal ?? `exit code ${exitCode}`;
        resolve();
      });
    });
  }

  /** Resolves when the host is about to open its log. Rejects with HostError when it does not come so far. */
  async opening(): Promise<void> {
    await this.#reached("opening");
  }

  /** Resolves when devices may connect. Rejects with HostError when it does not come so far. */
  async listening(): Promise<Listening> {
    return (await this.#reached("listening")) as Listening;
  }

  /** Of the process, as long as it runs. */
  pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Why the host is gone, undefined while it runs. */
  end(): string | undefined {
    return this.#end;
  }

  /** Resolves when the host is gone, for whatever reason. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Kills it, and resolves when it is gone.
   * @throws HostError when it had ended before, by itself.
   */
  async kill(): Promise<void> {
    if (this.#end !== undefined) throw new HostError(`the host ended by itself: ${this.#end}`);
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /**
   * Ends it in good order.
   * @throws HostError when it ends in another way.
   */
  async close(): Promise<void> {
    if (this.#end === undefined) this.#child.disconnect();
    await this.#ended;
    if (this.#end !== "exit code 0") throw new HostError(`the host did not end in good order: ${this.#end}`);
  }

  #reached(state: HostMessage["state"]): Promise<HostMessage> {
    return new Promise((resolve, reject) => {
      const giveUp = (reason: string) => reject(new HostError(`the host was not ${state}: ${reason}`));
      const timer = wallClock().after(START_MS_MAX, () => giveUp(`not within ${START_MS_MAX} ms`));
      const look = () => {
        const message = this.#messages.get(state);
        if (message === undefined && this.#end === undefined) return;
        timer.cancel();
        this.#child.off("message", look);
        if (message === undefined) giveUp(this.#end ?? "");
        else resolve(message);
      };
      this.#child.on("message", look);
      void this.#ended.then(look);
      look();
    });
  }
}
