import type { Version } from "../protocol/index.ts";
import { compareKeys, SortedKeys } from "./sorted-keys.ts";

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

/** The current value of every key. Changes come block by block; a snapshot goes on showing what it was opened on. */
export class WorldState {
  readonly #stores = new Map<string, Store>();
  readonly #snapshots = new Set<Snapshot>();

  get(store: string, key: string): StateValue | undefined {
    return this.#stores.get(store)?.values.get(key);
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
      range: (store, start, end) => this.#range(store, start, end),
      onClose: () => this.#snapshots.delete(snapshot),
    });
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  #applyOne({ store: name, key, value, metadata }: StateChange, version: Version): void {
    const store = this.#storeNamed(name);
    const before = store.values.get(key);
    if (value === undefined) {
      if (store.values.delete(key)) store.keys.noteRemoved();
      return;
    }
    if (before === undefined) store.keys.noteAdded(key);
    store.values.set(key, { value, version, metadata: metadata ?? before?.metadata ?? NO_METADATA });
  }

  #range(name: string, start: string, end: string): string[] {
    const store = this.#stores.get(name);
    return store === undefined ? [] : store.keys.range(start, end, () => store.values.keys());
  }

  #storeNamed(name: string): Store {
    const existing = this.#stores.get(name);
    if (existing !== undefined) return existing;
    const store = { values: new Map<string, StateValue>(), keys: new SortedKeys() };
    this.#stores.set(name, store);
    return store;
  }
}

type Store = { values: Map<string, StateValue>; keys: SortedKeys };

const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

type SnapshotSource = {
  get(store: string, key: string): StateValue | undefined;
  range(store: string, start: string, end: string): string[];
  onClose(): void;
};

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

  /** Keys in [start, end) with their values, in order of the keys' bytes. */
  range(store: string, start: string, end: string): { key: string; value: StateValue }[] {
    const keys = new Set(this.#source.range(store, start, end));
    for (const key of this.#overwritten.get(store)?.keys() ?? []) {
      if (compareKeys(key, start) >= 0 && (end === "" || compareKeys(key, end) < 0)) keys.add(key);
    }
    return [...keys]
      .sort(compareKeys)
      .map((key) => ({ key, value: this.get(store, key) }))
      .filter((entry): entry is { key: string; value: StateValue } => entry.value !== undefined);
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
}
