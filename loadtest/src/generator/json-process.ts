import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

/** The program ended, or said that it failed; the message has its words. */
export class ProcessFailedError extends Error {
  readonly code = "PROCESS_FAILED";

  constructor(name: string, reason: string) {
    super(`${name}: ${reason}`);
    this.name = "ProcessFailedError";
  }
}

/** A program that is told things in lines of JSON and answers in lines of JSON. */
export class JsonProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  #stderr = "";

  constructor(name: string, program: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    const { stdout, stderr, stdin } = this.#child;
    if (stdout === null || stderr === null || stdin === null) throw new TypeError("all three are pipes");
    // Writing to a program that is gone shows as a missing answer.
    stdin.on("error", () => undefined);
    stderr.on("data", (text: Buffer) => {
      this.#stderr += text.toString();
    });
    this.#lines = createInterface({ input: stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
    this.#ended = once(this.#child, "exit");
  }

  pid(): number {
    return this.#child.pid ?? 0;
  }

  tell(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * The next line.
   * @throws ProcessFailedError when there is none, or when its `state` is `failed`
   */
  async answer<T>(): Promise<T> {
    const { value, done } = await this.#answers.next();
    if (done === true) {
      await this.#ended;
      throw new ProcessFailedError(this.#name, `ended with ${this.#child.exitCode}: ${this.#stderr.trim()}`);
    }
    const answer = JSON.parse(value) as { state?: string; error?: string };
    if (answer.state === "failed") throw new ProcessFailedError(this.#name, answer.error ?? value);
    return answer as T;
  }

  /** Ends the program by ending its input, and resolves when it is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    this.#lines.close();
    this.#child.stdout?.resume();
    await this.#ended;
  }
}
