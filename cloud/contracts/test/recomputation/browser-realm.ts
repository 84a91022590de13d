import { Worker } from "node:worker_threads";

/**
 * `@gridpact/settlement` loaded the way a browser would: its modules, types stripped, in a realm of their own that has
 * nothing but the language. Texts go in, texts come out, so that no object of this realm helps.
 */
export class BrowserRealm {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static open(): BrowserRealm {
    const execArgv = ["--experimental-vm-modules", "--no-warnings"];
    return new BrowserRealm(new Worker(new URL("./realm-worker.ts", import.meta.url), { execArgv }));
  }

  /** Settles contracts, given and returned as canonical JSON. Calls MUST NOT overlap. */
  settle(contracts: readonly string[]): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#worker.once("error", reject);
      this.#worker.once("message", (settlements: string[]) => {
        this.#worker.off("error", reject);
        resolve(settlements);
      });
      this.#worker.postMessage(contracts);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
