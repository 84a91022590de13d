/** Who solves: a thread of its own where devices wait for acknowledgements, the caller's own where time is virtual. */
import { Worker } from "node:worker_threads";
import type { Log } from "@gridpact/host";
import { type Choice, type ChoiceInputs, dispatchOrders, fallBack, type Solver } from "./dispatch-orders.ts";

/** One problem at a time. */
export interface Dispatcher {
  /** Begins to solve, in the place of whatever was begun before. */
  begin(inputs: ChoiceInputs): void;
  /** What came of the inputs that were begun last; undefined while it is not known. */
  choice(): Choice | undefined;
  close(): Promise<void>;
}

/** Solves at once: the same history each time, for a simulation. Small problems take a few milliseconds. */
export class InlineDispatcher implements Dispatcher {
  readonly #solver: Solver;
  #choice: Choice | undefined;

  constructor(solver: Solver) {
    this.#solver = solver;
  }

  begin(inputs: ChoiceInputs): void {
    this.#choice = dispatchOrders(this.#solver, inputs);
  }

  choice(): Choice | undefined {
    return this.#choice;
  }

  async close(): Promise<void> {
    this.#choice = undefined;
  }
}

/** A question to the thread, and its answer. */
export type DispatchQuestion = { questionNo: number; inputs: ChoiceInputs };
/** One whose number is not that of the newest question is the answer to one that nobody waits for any more. */
export type DispatchReply = { questionNo: number; choice: Choice };

/**
 * Solves in a thread, which begins with the first problem and does not keep the process alive. Whatever ends it ends
 * the problem with a fallback, and the next problem gets a new one.
 */
export class ThreadDispatcher implements Dispatcher {
  readonly #log: Log;
  readonly #script: URL;
  #worker: Worker | undefined;
  #questionNo = 0;
  #asked: ChoiceInputs | undefined;
  #choice: Choice | undefined;

  /** @param script what the thread runs; a test takes one that fails */
  constructor(log: Log, script: URL = new URL("./dispatch-thread.ts", import.meta.url)) {
    this.#log = log;
    this.#script = script;
  }

  begin(inputs: ChoiceInputs): void {
    this.#questionNo += 1;
    this.#asked = inputs;
    this.#choice = undefined;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ questionNo: this.#questionNo, inputs } satisfies DispatchQuestion);
  }

  choice(): Choice | undefined {
    return this.#choice;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.unref();
    worker.on("message", ({ questionNo, choice }: DispatchReply) => {
      if (questionNo === this.#questionNo) this.#choice = choice;
    });
    // The end follows an error as well.
    worker.on("error", (error) => this.#log.error("dispatch_thread_failed", { reason: String(error) }));
    worker.on("exit", () => this.#ended(worker));
    return worker;
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#choice === undefined && this.#asked !== undefined) this.#choice = fallBack(this.#asked, "no_solver");
  }
}
