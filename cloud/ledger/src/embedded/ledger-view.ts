import type { CommittedTransaction } from "./channel.ts";
import { PrivateWaitingRoom } from "./private-waiting-room.ts";
import { type KeyHashes, ViewDatabase, type ViewedBlock } from "./view-database.ts";
import { CHANGES_BYTES_MAX, WorldState } from "./world-state.ts";

/** Of a transaction's place in memory: its id as text, an entry of a map and an object. */
const TRANSACTION_BYTES = 300;

type NewBlock = ViewedBlock & { written: KeyHashes };

/**
 * Everything that follows from a ledger's blocks and is asked for by key: the state, where each transaction and each
 * block is, which blocks wrote a key, and the private writes that wait for their transactions. It is on disk, and in
 * memory what is new and what was used last, so that neither memory nor the time of opening grows with each year.
 * ```
 * block -> memory --CHANGES_BYTES_MAX at once--> database, with the number of the newest block
 * ```
 */
export class LedgerView {
  readonly state: WorldState;
  readonly private = new PrivateWaitingRoom();
  readonly #database: ViewDatabase;
  readonly #changesBytesMax: number;
  readonly #transactions = new Map<string, CommittedTransaction>();
  #blocks: NewBlock[] = [];

  /** @param path file of the database; without it, that is in memory, too, and new in each process */
  constructor(path?: string, changesBytesMax = CHANGES_BYTES_MAX) {
    this.#database = new ViewDatabase(path);
    this.#changesBytesMax = changesBytesMax;
    this.state = new WorldState(this.#database, () => this.flush());
    for (const { transactionId, bytes } of this.#database.waiting()) this.private.keep(transactionId, bytes);
  }

  /** The block up to which the view has everything; undefined when it has none. */
  newestBlock(): ViewedBlock | undefined {
    return this.#blocks.at(-1) ?? this.#database.newestBlock();
  }

  transaction(transactionId: string): CommittedTransaction | undefined {
    return this.#transactions.get(transactionId) ?? this.#database.transaction(transactionId);
  }

  /** Number of the journal's record that is this block. */
  record(blockNumber: number): bigint | undefined {
    const first = this.#blocks[0]?.number ?? Number.POSITIVE_INFINITY;
    return blockNumber < first ? this.#database.record(blockNumber) : this.#blocks[blockNumber - first]?.record;
  }

  /** Numbers of the blocks that wrote a key with this hash, oldest first; all blocks are looked through. */
  blocksThatWrote(keyHash: number): number[] {
    const numbers: number[] = [];
    for (const blocks of [this.#database.written(), this.#blocks]) {
      for (const { number, written } of blocks) if (written.includes(keyHash)) numbers.push(number);
    }
    return numbers;
  }

  noteTransaction(transactionId: string, place: CommittedTransaction): void {
    this.#transactions.set(transactionId, place);
  }

  /** Ends a block, after everything that its transactions changed. */
  endBlock(block: NewBlock): void {
    this.#blocks.push(block);
    if (this.changesBytes() >= this.#changesBytesMax) this.flush();
  }

  /** Bytes of memory that is not in the database yet. */
  changesBytes(): number {
    return this.state.changedBytes() + this.#transactions.size * TRANSACTION_BYTES;
  }

  /** Puts everything into the database, all of it or nothing. MUST NOT be called within a block. */
  flush(): void {
    this.#database.atOnce(() => {
      this.state.putChanges();
      for (const [id, place] of this.#transactions) this.#database.putTransaction(id, place);
      for (const block of this.#blocks) this.#database.putBlock(block);
      this.#database.replaceWaiting(this.private.entries());
    });
    this.#transactions.clear();
    this.#blocks = [];
  }

  /** MUST NOT be called with changes that have to be kept, which `flush` puts into the database. */
  close(): void {
    this.#database.close();
  }

  /** Forgets everything. MUST only be called before anything was noted. */
  clear(): void {
    this.#database.clear();
    this.private.clear();
  }
}
