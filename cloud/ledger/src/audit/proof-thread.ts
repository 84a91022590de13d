import { Worker } from "node:worker_threads";
import { type BlockNotProvenCode, BlockNotProvenError, type ProvenBlock } from "../evidence/index.ts";
import type { Consortium } from "../protocol/index.ts";
import type { BlockProof } from "./audit-blocks.ts";

/** What a ledger is run by: blocks of one are proven in another way than the other's. */
export type LedgerKind = "embedded" | "fabric";

/** Which ledger's blocks a thread proves, and by whose signatures. */
export type ProofRequest = { ledgerKind: LedgerKind; consortium: Consortium };

/** The thread's answer to one block. */
export type ProofAnswer = { block: ProvenBlock } | { code: BlockNotProvenCode; message: string };

type Waiting = { resolve: (block: ProvenBlock) => void; reject: (error: Error) => void };

/**
 * Proves blocks in a thread of its own, so that an audit's other half, running transactions again, has a processor to
 * itself: what a block proves by itself needs nothing of what the blocks before it did to the state.
 */
export class ProofThread implements BlockProof {
  readonly #worker: Worker;
  /** Who asked and has no answer yet, in the order of the questions, which is that of the answers. */
  readonly #waiting: Waiting[] = [];
  /** Why the thread answers no more. */
  #failure: Error | undefined;

  constructor(request: ProofRequest) {
    this.#worker = new Worker(new URL("./proof-worker.ts", import.meta.url), { workerData: request });
    this.#worker.on("message", (answer: ProofAnswer) => {
      const waiting = this.#waiting.shift();
      if ("block" in answer) waiting?.resolve(answer.block);
      else waiting?.reject(new BlockNotProvenError(answer.code, answer.message));
    });
    // Whatever ends the thread ends the audit, too: what was not proven is not believed.
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread that proves blocks has ended with ${code}`)));
  }

  /** @throws BlockNotProvenError, and at once, also of a later call, what has ended the thread */
  verify(bytes: Uint8Array): Promise<ProvenBlock> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(bytes);
    });
  }

  /** Ends the thread; blocks that were being proven are not proven. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The first failure is the reason of all that follow: a thread that an error ends also exits. */
  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
