import { type Engine, inclusionPath, rootOfLeaves, splitHashes } from "@gridpact/native";
import { AnchorError } from "./anchor-error.ts";
import type { Batch, BatchIndex } from "./batch-index.ts";
import { type Leaves, readLeaves } from "./logged-leaves.ts";

/** Where an envelope is under an anchored root. */
export type InclusionProof = { batchNo: number; leafIndex: number; size: number; pathHex: string[] };

/** Leaves kept of batches that were read, at 40 bytes each: an event's boundaries lie in a handful of batches. */
export const LEAVES_CACHED_MAX = 131_072;

/** Proves from the log on disk that envelopes are in anchored batches. */
export class InclusionProofs {
  readonly #index: BatchIndex;
  readonly #engine: Engine;
  readonly #cache = new Map<number, Leaves>();

  constructor(index: BatchIndex, engine: Engine) {
    this.#index = index;
    this.#engine = engine;
  }

  /**
   * Undefined while the envelope's batch is not on the ledger.
   * @throws AnchorError when the log does not hold what was anchored.
   */
  async proof(walSeq: bigint): Promise<InclusionProof | undefined> {
    const batch = this.#index.batchOf(walSeq);
    if (batch?.receipt === undefined) return undefined;
    const { walSeqs, hashes } = await this.#leavesOf(batch);
    const leafIndex = walSeqs.indexOf(walSeq);
    if (leafIndex < 0) throw new AnchorError(batch.batchNo, `record ${walSeq} is not an accepted envelope`);
    const pathHex = inclusionPath(splitHashes(hashes), leafIndex).map((hash) => Buffer.from(hash).toString("hex"));
    return { batchNo: batch.batchNo, leafIndex, size: walSeqs.length, pathHex };
  }

  async #leavesOf(batch: Batch): Promise<Leaves> {
    const { batchNo, firstWalSeq, endWalSeq, rootHex } = batch;
    const cached = this.#cache.get(batchNo);
    if (cached !== undefined) return cached;
    const leaves = await readLeaves(this.#engine, firstWalSeq, endWalSeq);
    if (leaves.walSeqs.length < batch.size) {
      throw new AnchorError(batchNo, `the log has ${leaves.walSeqs.length} of its ${batch.size} leaves: retired?`);
    }
    if (Buffer.from(rootOfLeaves(leaves.hashes)).toString("hex") !== rootHex) {
      throw new AnchorError(batchNo, "the log does not give the anchored root");
    }
    this.#remember(batchNo, leaves);
    return leaves;
  }

  /** Keeps the batches that were read last. */
  #remember(batchNo: number, leaves: Leaves): void {
    this.#cache.set(batchNo, leaves);
    let kept = 0;
    for (const { walSeqs } of this.#cache.values()) kept += walSeqs.length;
    for (const [oldest, { walSeqs }] of this.#cache) {
      if (oldest === batchNo || kept <= LEAVES_CACHED_MAX) return;
      this.#cache.delete(oldest);
      kept -= walSeqs.length;
    }
  }
}
