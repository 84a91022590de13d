import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { sleep, wallClock } from "@gridpact/host";
import { environment } from "../../src/config.ts";

/** A peer did not come up, or ended; the message says where its output is. */
export class PeerError extends Error {
  readonly code = "PEER_FAILED";

  constructor(reason: string) {
    super(reason);
    this.name = "PeerError";
  }
}

/** A start takes a second; on a machine with much else to do it may take some. */
const START_MS_MAX = 30_000;

const LOOK_PERIOD_MS = 50;

/** A program of somebody else as a child process, with settings in its environment, whose output goes to a file. */
export class PeerProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #logPath: string;

  constructor(
    name: string,
    command: { program: string; args: readonly string[]; logPath: string; settings?: Readonly<Record<string, string>> },
  ) {
    this.#name = name;
    this.#logPath = command.logPath;
    const output = openSync(command.logPath, "a", 0o600);
    this.#child = spawn(command.program, command.args, {
      stdio: ["ignore", output, output],
      env: { ...environment(), ...command.settings },
    });
    closeSync(output);
  }

  pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when `isUp` does so with true. */
  async until(isUp: () => Promise<boolean>): Promise<void> {
    const clock = wallClock();
    const giveUpAtUnixMs = clock.nowUnixMs() + START_MS_MAX;
    while (!(await isUp())) {
      if (!this.#isRunning()) throw new PeerError(`${this.#name} ended by itself; see ${this.#logPath}`);
      if (clock.nowUnixMs() > giveUpAtUnixMs)
        throw new PeerError(`${this.#name} does not come up; see ${this.#logPath}`);
      await sleep(clock, LOOK_PERIOD_MS);
    }
  }

  async close(): Promise<void> {
    if (!this.#isRunning()) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }

  #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

/** A port that is free now, for programs that cannot choose one themselves and say which. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
