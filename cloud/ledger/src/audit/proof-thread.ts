import { Worker } from "node:worker_threads";
import { type BlockNotProvenCode, BlockNotProvenError } from "../evidence/index.ts";
import type { Consortium } from "../protocol/index.ts";
import type { BlockProof } from "./audit-blocks.ts";
import type { AuditedBlock } from "./replayed-ahead.ts";

/** What a ledger is run by: blocks of one are proven in another way than the other's. */
export type LedgerKind = "embedded" | "fabric";

/** Which ledger's blocks a thread proves, and by whose signatures. */
export type ProofRequest = { ledgerKind: LedgerKind; consortium: Consortium };

/** What the thread is started with. */
export type ProofWorkerData = ProofRequest & {
  /** In shared memory: how many blocks the audit is through with. */
  audited: Int32Array<SharedArrayBuffer>;
};

/** The thread's answer to one block. */
export type ProofAnswer = { block: AuditedBlock } | { code: BlockNotProvenCode; message: string };

/**
 * Blocks that the audit has in hand, the one that it replays included, when the thread takes over some of its work:
 * one more than it works at, so that it does not run out while the thread runs one transaction again, a tenth of a
 * second at most. MUST be below the blocks that are asked for ahead, or the thread never has time.
 */
export const BLOCKS_IN_HAND = 2;

type Waiting = { resolve: (block: AuditedBlock) => void; reject: (error: Error) => void };

/**
 * Proves blocks in a thread of its own, so that an audit's other half, running transactions again, has a processor to
 * itself. Proving takes less time than that, so the thread runs transactions again itself while the audit has blocks
 * in hand: two processors are busy, whichever half has more to do.
 */
export class ProofThread implements BlockProof {
  readonly #worker: Worker;
  readonly #audited = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Who asked and has no answer yet, in the order of the questions, which is that of the answers. */
  readonly #waiting: Waiting[] = [];
  /** Why the thread answers no more. */
  #failure: Error | undefined;

  constructor(request: ProofRequest) {
    const workerData: ProofWorkerData = { ...request, audited: this.#audited };
    this.#worker = new Worker(new URL("./proof-worker.ts", import.meta.url), { workerData });
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
  verify(bytes: Uint8Array): Promise<AuditedBlock> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(bytes);
    });
  }

  onAudited(): void {
    Atomics.add(this.#audited, 0, 1);
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
