import { type Disk, Journal } from "@gridpact/host";

/** What the store holds, in the order in which it became durable. */
export type StoredRecord =
  | { kind: "block"; bytes: Uint8Array }
  | { kind: "private"; transactionId: string; bytes: Uint8Array };

/**
 * Blocks, and the private writes that their transactions only name by hash, in one journal: a transaction's private
 * writes come before its block there, so no crash leaves the block without them. Records are
 * ```
 * | 1 | common.Block ...                            a block
 * | 2 | transaction id (32) | TxPvtReadWriteSet     private writes of a transaction
 * ```
 */
export class BlockStore {
  readonly #journal: Journal;
  readonly #cache = new Map<number, Uint8Array>();
  #cachedBytes = 0;

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** @param checkedBefore - Record before which an earlier opening has checked all */
  static async open(options: { disk: Disk; directory: string; checkedBefore: bigint }): Promise<BlockStore> {
    return new BlockStore(await Journal.open({ ...options, segmentBytesMax: SEGMENT_BYTES_MAX }));
  }

  /** What is stored from this record of the journal on, oldest first. */
  async *replay(fromRecord: bigint): AsyncGenerator<{ record: bigint; stored: StoredRecord }> {
    for await (const { seq, payload } of this.#journal.read(fromRecord)) {
      yield { record: seq, stored: decodeRecord(payload) };
    }
  }

  /** Resolves with the number of its record when the block is on stable storage. */
  async appendBlock(number: number, bytes: Uint8Array): Promise<bigint> {
    const record = await this.#journal.append(Buffer.concat([BLOCK_TAG, bytes]));
    this.#remember(number, bytes);
    return record;
  }

  /** Resolves when the private writes of a transaction, not yet committed, are on stable storage. */
  async appendPrivate(transactionId: string, bytes: Uint8Array): Promise<void> {
    await this.#journal.append(Buffer.concat([PRIVATE_TAG, Buffer.from(transactionId, "hex"), bytes]));
  }

  /** The block that is this record of the journal; undefined when it is no block. */
  async block(number: number, record: bigint): Promise<Uint8Array | undefined> {
    const cached = this.#cache.get(number);
    if (cached !== undefined) return cached;
    for await (const { stored } of this.replay(record)) {
      if (stored.kind !== "block") return undefined;
      this.#remember(number, stored.bytes);
      return stored.bytes;
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  #remember(number: number, bytes: Uint8Array): void {
    this.#cache.set(number, bytes);
    this.#cachedBytes += bytes.length;
    for (const [oldest, dropped] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES_MAX || oldest === number) return;
      this.#cache.delete(oldest);
      this.#cachedBytes -= dropped.length;
    }
  }
}

/** Small, because a block that is not cached is found by reading its segment: 4 MiB take some milliseconds. */
const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;

/** Newest blocks kept in memory: some ten thousand small transactions. */
const CACHE_BYTES_MAX = 64 * 1024 * 1024;

const BLOCK_TAG = Uint8Array.of(1);
const PRIVATE_TAG = Uint8Array.of(2);
const TRANSACTION_ID_BYTES = 32;

/** Tells blocks and private writes apart. */
export function decodeRecord(payload: Uint8Array): StoredRecord {
  if (payload[0] === BLOCK_TAG[0]) return { kind: "block", bytes: payload.subarray(1) };
  const transactionId = Buffer.from(payload.subarray(1, 1 + TRANSACTION_ID_BYTES)).toString("hex");
  return { kind: "private", transactionId, bytes: payload.subarray(1 + TRANSACTION_ID_BYTES) };
}
