import type { Version } from "../protocol/index.ts";
import { compareKeys } from "./key-order.ts";
import { RecentValues, ValueMap } from "./recent-values.ts";
import { ViewDatabase } from "./view-database.ts";

/** A value with the place of the transaction that wrote it, and the key's settings. */
export type StateValue = {
  value: Uint8Array;
  version: Version;
  metadata: ReadonlyMap<string, Uint8Array>;
};

/** A change to one key; without a value the key is deleted, without metadata its settings stay. */
export type StateChange = {
  store: string;
  key: string;
  value: Uint8Array | undefined;
  metadata?: ReadonlyMap<string, Uint8Array>;
};

/** Values of a chaincode's namespace. */
export const publicStore = (namespace: string) => namespace;
/** Hashes of a collection's values, by hash of the key in hex: what the whole channel knows. */
export const hashedStore = (namespace: string, collection: string) => `${namespace}$$h${collection}`;
/** Plain values of a collection. */
export const privateStore = (namespace: string, collection: string) => `${namespace}$$p${collection}`;

/** Where values are that are not in memory. */
export type StateTable = {
  get(store: string, key: string): StateValue | undefined;
  /** The first keys in [from, end) in order of their bytes; an empty end means no end. */
  keys(range: { store: string; from: string; end: string; limit: number }): string[];
  putState(store: string, key: string, value: StateValue | null): void;
};

/** What was looked up last, in memory: what an event of 10,000 devices is settled by. */
const RECENT_BYTES_MAX = 96 * 1024 * 1024;

/**
 * Changes that may be in memory alone, bytes. What the table has not got when the process dies is read from the blocks
 * again: a second or two of a busy ledger's work. Putting so much there takes 0.1 s.
 */
export const CHANGES_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The current value of every key. Changes come block by block and are put into the table many at a time; a snapshot
 * goes on showing what it was opened on.
 */
export class WorldState {
  readonly #table: StateTable;
  readonly #flush: () => void;
  readonly #snapshots = new Set<Snapshot>();
  readonly #recent: RecentValues;
  /** What the table has not got yet. */
  #changed = new ValueMap();

  /** @param flush - MUST call `putChanges`, in one transaction with whatever else the table has to agree with */
  constructor(table: StateTable, flush: () => void, recentBytesMax = RECENT_BYTES_MAX) {
    this.#table = table;
    this.#flush = flush;
    this.#recent = new RecentValues(recentBytesMax);
  }

  /** A state that is nobody's to keep; its table takes no heap. */
  static inMemory(): WorldState {
    const database = new ViewDatabase();
    const state: WorldState = new WorldState(database, () => database.atOnce(() => state.putChanges()));
    return state;
  }

  get(store: string, key: string): StateValue | undefined {
    const changed = this.#changed.get(store, key);
    const known = changed === undefined ? this.#recent.get(store, key) : changed;
    if (known !== undefined) return known ?? undefined;
    const found = this.#table.get(store, key);
    this.#recent.set(store, key, found ?? null);
    return found;
  }

  /** Applies the changes of one transaction, which becomes their version. */
  apply(changes: readonly StateChange[], version: Version): void {
    for (const change of changes) {
      for (const snapshot of this.#snapshots)
        snapshot.keep(change.store, change.key, this.get(change.store, change.key));
      this.#applyOne(change, version);
    }
  }

  /** A consistent view; close it when done, as an open one keeps what is overwritten. */
  openSnapshot(): Snapshot {
    const snapshot = new Snapshot({
      get: (store, key) => this.get(store, key),
      keys: (range) => {
        if (this.changedBytes() > 0) this.#flush();
        return this.#table.keys(range);
      },
      onClose: () => this.#snapshots.delete(snapshot),
    });
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** Bytes of memory that changes take which the table has not got yet. */
  changedBytes(): number {
    return this.#changed.bytes();
  }

  /** Has changes flushed that take too much memory; between two blocks. */
  settle(): void {
    if (this.changedBytes() >= CHANGES_BYTES_MAX) this.#flush();
  }

  /** Puts them there. */
  putChanges(): void {
    for (const [store, key, value] of this.#changed.entries()) {
      this.#table.putState(store, key, value);
      this.#recent.set(store, key, value);
    }
    this.#changed = new ValueMap();
  }

  #applyOne({ store, key, value, metadata }: StateChange, { blockNumber, transactionIndex }: Version): void {
    if (value === undefined) {
      this.#changed.set(store, key, null);
      return;
    }
    const settings = metadata ?? this.get(store, key)?.metadata ?? NO_METADATA;
    // A copy, as what is decoded from a block is a view of the whole block and would keep it in memory.
    const own = Uint8Array.prototype.slice.call(value);
    this.#changed.set(store, key, { value: own, version: { blockNumber, transactionIndex }, metadata: settings });
  }
}

const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

/** Keys that a range is read by at a time: a page of a list needs no more, and most ranges are shorter. */
export const RANGE_PAGE_KEYS = 200;

type SnapshotSource = Pick<StateTable, "get" | "keys"> & { onClose(): void };

/** The state as it was when the snapshot was opened: the current one, and what has been overwritten since. */
export class Snapshot {
  readonly #source: SnapshotSource;
  readonly #overwritten = new Map<string, Map<string, StateValue | undefined>>();

  constructor(source: SnapshotSource) {
    this.#source = source;
  }

  get(store: string, key: string): StateValue | undefined {
    const overwritten = this.#overwritten.get(store);
    return overwritten?.has(key) ? overwritten.get(key) : this.#source.get(store, key);
  }

  /** Keys in [start, end) with their values, in order of the keys' bytes; an empty end means no end. */
  *range(store: string, start: string, end: string): Generator<{ key: string; value: StateValue }> {
    let from = start;
    for (let isLast = false; !isLast; ) {
      const page = this.#source.keys({ store, from, end, limit: RANGE_PAGE_KEYS });
      isLast = page.length < RANGE_PAGE_KEYS;
      // The first key after a key is that key and U+0000.
      const next = isLast ? end : `${page.at(-1)}\u0000`;
      for (const key of this.#withOverwritten(page, { store, from, end: next })) {
        const value = this.get(store, key);
        if (value !== undefined) yield { key, value };
      }
      from = next;
    }
  }

  /** Notes the value that a key had when this snapshot was opened; the first note counts. */
  keep(store: string, key: string, before: StateValue | undefined): void {
    const overwritten = this.#overwritten.get(store) ?? new Map<string, StateValue | undefined>();
    if (!overwritten.has(key)) overwritten.set(key, before);
    this.#overwritten.set(store, overwritten);
  }

  close(): void {
    this.#source.onClose();
  }

  /** With the keys that were in the range when the snapshot was opened, and may be no more. */
  #withOverwritten(page: readonly string[], range: { store: string; from: string; end: string }): readonly string[] {
    const { store, from, end } = range;
    const overwritten = [...(this.#overwritten.get(store)?.keys() ?? [])].filter(
      (key) => compareKeys(key, from) >= 0 && (end === "" || compareKeys(key, end) < 0),
    );
    return overwritten.length === 0 ? page : [...new Set([...page, ...overwritten])].sort(compareKeys);
  }
}
