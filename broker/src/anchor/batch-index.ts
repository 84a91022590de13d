import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { HASH_BYTES } from "@gridpact/proto";
import { OneAtATime } from "../background/index.ts";
import type { LedgerReceipt } from "../ledger-outbox.ts";

/** A closed Merkle batch: the accepted envelopes in `[firstWalSeq, endWalSeq)` of the log. */
export type Batch = {
  batchNo: number;
  firstWalSeq: bigint;
  endWalSeq: bigint;
  /** Leaves, at least 1. */
  size: number;
  rootHex: string;
  /** Root of the batch before; zeros for batch 0. */
  prevRootHex: string;
  /** The anchor on the ledger; undefined until it is there. */
  receipt: LedgerReceipt | undefined;
};

/** Batches in one file: small enough to be replaced at each change, and a year fits 140 files. */
export const BATCHES_PER_FILE = 256;

const DIRECTORY = "anchor";
const FILE_PATTERN = /^batches-\d{6}\.json$/;

/**
 * Durable list of the closed batches, numbered from 0 without gaps. Files are replaced, not appended to, so that a
 * full disk delays an anchor and breaks nothing.
 */
export class BatchIndex {
  readonly #disk: Disk;
  readonly #batches: Batch[] = [];
  /** Each change writes the whole file it stands in. */
  readonly #changes = new OneAtATime();
  #anchoredCount = 0;
  #anchoredLeaves = 0;

  private constructor(disk: Disk) {
    this.#disk = disk;
  }

  static async open(disk: Disk): Promise<BatchIndex> {
    const index = new BatchIndex(disk);
    for (const name of await disk.list(DIRECTORY)) {
      if (!FILE_PATTERN.test(name)) continue;
      const bytes = (await disk.read(`${DIRECTORY}/${name}`)) ?? new Uint8Array();
      for (const batch of JSON.parse(Buffer.from(bytes).toString()) as KeptBatch[]) index.#restore(batch);
    }
    return index;
  }

  /** Number that the next batch gets. */
  nextBatchNo(): number {
    return this.#batches.length;
  }

  /** Where the next batch begins in the log. */
  nextWalSeq(): bigint {
    return this.#batches.at(-1)?.endWalSeq ?? 0n;
  }

  /** Position up to which (excluded) every envelope is under a root on the ledger. */
  anchoredWalSeq(): bigint {
    return this.#batches[this.#anchoredCount - 1]?.endWalSeq ?? 0n;
  }

  lastRootHex(): string {
    return this.#batches.at(-1)?.rootHex ?? ZERO_ROOT_HEX;
  }

  /** Batches on the ledger; they are anchored in sequence, so these are the first ones. */
  anchoredCount(): number {
    return this.#anchoredCount;
  }

  /** Envelopes in the anchored batches. */
  anchoredLeaves(): number {
    return this.#anchoredLeaves;
  }

  find(batchNo: number): Batch | undefined {
    return this.#batches[batchNo];
  }

  /** The batch that a place in the log belongs to; undefined when it is not closed yet. */
  batchOf(walSeq: bigint): Batch | undefined {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#batches[middle] as Batch).endWalSeq <= walSeq) low = middle + 1;
      else high = middle;
    }
    return this.#batches[low];
  }

  /** Resolves when the batch is durable. */
  append(batch: Omit<Batch, "receipt">): Promise<void> {
    return this.#changes.run(async () => {
      assert.equal(batch.batchNo, this.nextBatchNo(), "batches are numbered without gaps");
      assert.equal(batch.firstWalSeq, this.nextWalSeq(), "batches leave nothing out");
      const added = { ...batch, receipt: undefined };
      await this.#write([...this.#fileOf(batch.batchNo), added], batch.batchNo);
      this.#batches.push(added);
    });
  }

  /** Notes, durably, that the next batch in sequence is on the ledger. */
  setAnchored(batchNo: number, receipt: LedgerReceipt): Promise<void> {
    return this.#changes.run(async () => {
      assert.equal(batchNo, this.#anchoredCount, "batches are anchored in sequence");
      const anchored = { ...(this.#batches[batchNo] as Batch), receipt };
      const file = this.#fileOf(batchNo).map((batch) => (batch.batchNo === batchNo ? anchored : batch));
      await this.#write(file, batchNo);
      this.#batches[batchNo] = anchored;
      this.#countAnchored(anchored);
    });
  }

  #fileOf(batchNo: number): Batch[] {
    const from = batchNo - (batchNo % BATCHES_PER_FILE);
    return this.#batches.slice(from, from + BATCHES_PER_FILE);
  }

  async #write(batches: Batch[], batchNo: number): Promise<void> {
    const name = `batches-${String(Math.floor(batchNo / BATCHES_PER_FILE)).padStart(6, "0")}.json`;
    const text = JSON.stringify(batches, (_, value) => (typeof value === "bigint" ? value.toString() : value));
    await this.#disk.replace(`${DIRECTORY}/${name}`, Buffer.from(text));
  }

  #restore(kept: KeptBatch): void {
    assert.equal(kept.batchNo, this.#batches.length, "the list of batches has a gap");
    const batch = {
      receipt: undefined,
      ...kept,
      firstWalSeq: BigInt(kept.firstWalSeq),
      endWalSeq: BigInt(kept.endWalSeq),
    };
    this.#batches.push(batch);
    if (batch.receipt !== undefined) this.#countAnchored(batch);
  }

  #countAnchored({ size }: { size: number }): void {
    this.#anchoredCount += 1;
    this.#anchoredLeaves += size;
  }
}

type KeptBatch = Omit<Batch, "firstWalSeq" | "endWalSeq" | "receipt"> & {
  firstWalSeq: string;
  endWalSeq: string;
  receipt?: LedgerReceipt;
};

const ZERO_ROOT_HEX = "00".repeat(HASH_BYTES);
