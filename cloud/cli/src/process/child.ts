import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";
import type { DataDirectory } from "./data-directory.ts";

/** The launcher and not main.ts: it keeps compiled code, which halves the start of each part. */
const LAUNCHER = fileURLToPath(new URL("../../bin/gridpact.mjs", import.meta.url));

/** A part that does not end by itself within this is killed; its disk state is crash-safe. */
const STOP_MS_MAX = 10_000;

/** A part of the system in a process of its own. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;
  #isStopping = false;

  /** `onUnexpectedEnd` is told when the part ends before `stop`. */
  constructor(
    options: { name: string; args: readonly string[]; data: DataDirectory },
    onUnexpectedEnd: (error: CliError) => void,
  ) {
    const { name, args, data } = options;
    this.name = name;
    const output = openSync(data.at("logs", `${name}.err`), "a", 0o600);
    // A session of its own: Ctrl-C reaches the supervisor alone, which then stops the parts in order. The channel
    // carries no message; its end tells a part that the supervisor is gone, however it went.
    this.#process = spawn(process.execPath, [LAUNCHER, ...args], {
      stdio: ["ignore", output, output, "ipc"],
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once("exit", (code) => {
        resolve(code);
        if (this.#isStopping) return;
        const log = data.at("logs", `${name}.err`);
        onUnexpectedEnd(new CliError("PROCESS_ENDED", `${name} ended with ${code}; ${lastLine(log)} (see ${log})`));
      });
    });
  }

  /** Ends the part in good order, or by force when it takes too long. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#process.kill("SIGTERM");
    const force = setTimeout(() => this.#process.kill("SIGKILL"), STOP_MS_MAX);
    await this.#ended;
    clearTimeout(force);
  }
}

/** What the part's launcher said last, which is why it ended. */
function lastLine(log: string): string {
  return (
    readFileSync(log, "utf8")
      .match(/^gridpact: .*$/gm)
      ?.at(-1) ?? "it said nothing"
  );
}
