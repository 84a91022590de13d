import type { Log } from "@gridpact/host";

/**
 * Work that runs beside the acknowledgement path and may be held up by others (ledger, InfluxDB). At most one run is
 * under way; a `wake` during it makes one more. A run that fails is logged and counted, and the next `wake` tries
 * again, so its steps MUST be idempotent.
 */
export class BackgroundTask {
  readonly #name: string;
  readonly #log: Log;
  readonly #run: () => Promise<void>;
  #isWanted = false;
  #running: Promise<void> | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(name: string, modules: { log: Log; run: () => Promise<void> }) {
    this.#name = name;
    this.#log = modules.log;
    this.#run = modules.run;
  }

  name(): string {
    return this.#name;
  }

  wake(): void {
    this.#isWanted = true;
    if (this.#running !== undefined || this.#isStopped) return;
    this.#running = this.#runWhileWanted();
  }

  /** Runs that failed since the start. */
  failures(): number {
    return this.#failures;
  }

  /** Whether no further step may be made; a run looks here after each thing it waited for. */
  isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when the runs asked for so far have ended, well or not. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** No run begins after this. One that waits for somebody else is not waited for: it may never end. */
  stop(): void {
    this.#isStopped = true;
  }

  async #runWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      try {
        await this.#run();
      } catch (error) {
        this.#failures += 1;
        this.#log.warn("background_failed", { task: this.#name, reason: String(error) });
      }
    }
    this.#running = undefined;
  }
}
