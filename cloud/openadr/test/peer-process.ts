import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A peer in a process of its own that reports by JSON lines on its standard output. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #said: Record<string, unknown>[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<void>;
  #complaints = "";

  constructor(command: string, ...commandArguments: readonly string[]) {
    this.#child = spawn(command, commandArguments, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (chunk) => {
      this.#complaints += String(chunk);
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the peer has no standard output");
    createInterface(stdout).on("line", (line) => this.#hear(line));
    this.#ended = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.once("exit", () => this.#wake());
  }

  /** Waits for a line that has these members; fails, with the peer's complaints, when it ends before. */
  async says(expected: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#said.find(expected);
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`the peer ended: ${this.#complaints.slice(-2_000)}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  get complaints(): string {
    return this.#complaints;
  }

  /** Kills the peer without warning and waits for its end; as often as wanted. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** A process that was killed has a signal and no exit code. */
  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #hear(line: string): void {
    if (line.startsWith("{")) this.#said.push(JSON.parse(line));
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
