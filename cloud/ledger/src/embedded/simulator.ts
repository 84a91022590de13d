import { createHash } from "node:crypto";
import { peer } from "@hyperledger/fabric-protos";
import type {
  CollectionReadWriteSet,
  CollectionRules,
  Collections,
  MetadataWrite,
  NamespaceReadWriteSet,
  PrivateWrites,
  Version,
  Write,
} from "../protocol/index.ts";
import { decodeMessage } from "../wire/index.ts";
import { compareKeys } from "./key-order.ts";
import { hashedStore, privateStore, publicStore, type Snapshot, type StateValue } from "./world-state.ts";

/** One former value of a key, as the history query gives it. */
export type KeyModification = {
  txId: string;
  value: Buffer;
  isDelete: boolean;
  timestamp: { seconds: number; nanos: number };
};

/** One run of a contract by one peer, on one snapshot. */
export type SimulatorOptions = {
  snapshot: Snapshot;
  namespace: string;
  collections: Collections;
  creatorMspId: string;
  /** Organisation of the peer that runs the contract: a peer has the values of its own organisation's collections. */
  peerMspId: string;
  /**
   * Whether this is an evaluation, which may read ranges and histories. In a transaction that is to be committed they
   * would have to be validated against phantoms, and two such transactions would seldom both be valid.
   */
  isEvaluation: boolean;
  history: (key: string) => Promise<KeyModification[]>;
};

/** The contract asked for something that this ledger, or this kind of call, does not give. */
export class SimulationError extends Error {
  readonly code: "UNSUPPORTED" | "RANGE_IN_WRITE" | "COLLECTION_ACCESS" | "BAD_KEY";

  constructor(code: SimulationError["code"], message: string) {
    super(`${code}: ${message}`);
    this.name = "SimulationError";
    this.code = code;
  }
}

/**
 * The peer's side of a contract's stub: serves reads from a snapshot and notes them, keeps writes back. Method names
 * are those that fabric-shim's stub calls on its message handler; an empty collection means public data. As in
 * Fabric, a contract does not see its own writes.
 */
export class Simulator {
  readonly #options: SimulatorOptions;
  readonly #reads = new Map<string, Version | undefined>();
  readonly #writes = new Map<string, Write>();
  readonly #metadataWrites = new Map<string, MetadataWrite>();
  readonly #collections = new Map<string, CollectionNotes>();
  readonly #collectionsReadPlain = new Set<string>();

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  /** An absent key reads as no bytes, as everywhere in Fabric. */
  async handleGetState(collection: string, key: string): Promise<Buffer> {
    if (collection !== "") return this.#getPrivate(collection, key);
    return toBuffer(this.#read(key)?.value);
  }

  async handlePutState(collection: string, key: string, value: Uint8Array): Promise<void> {
    // A copy: the contract may go on using its buffer.
    this.#write(collection, { key, value: Uint8Array.from(value), isDelete: false });
  }

  async handleDeleteState(collection: string, key: string): Promise<void> {
    this.#write(collection, { key, value: new Uint8Array(), isDelete: true });
  }

  async handlePurgeState(_collection: string, key: string): Promise<void> {
    throw new SimulationError("UNSUPPORTED", `purging private data is not supported, key ${key}`);
  }

  async handleGetPrivateDataHash(collection: string, key: string): Promise<Buffer> {
    this.#rulesOf(collection);
    return toBuffer(this.#readHashed(collection, key)?.value);
  }

  async handlePutStateMetadata(collection: string, key: string, name: string, value: Uint8Array): Promise<void> {
    if (collection !== "") throw new SimulationError("UNSUPPORTED", "private keys have no policy of their own here");
    checkKey(key);
    this.#metadataWrites.set(key, { key, entries: new Map([[name, Uint8Array.from(value)]]) });
  }

  async handleGetStateMetadata(collection: string, key: string): Promise<Record<string, Uint8Array>> {
    if (collection !== "") throw new SimulationError("UNSUPPORTED", "private keys have no policy of their own here");
    return Object.fromEntries(this.#read(key)?.metadata ?? []);
  }

  async handleGetStateByRange(
    collection: string,
    start: string,
    end: string,
    _channel?: string,
    _transactionId?: string,
    pageBytes?: Uint8Array,
  ): Promise<RangeResult> {
    if (!this.#options.isEvaluation) throw rangeInWrite("range");
    if (collection !== "") this.#checkPlainRead(collection);
    const { namespace, snapshot } = this.#options;
    const store = collection === "" ? publicStore(namespace) : privateStore(namespace, collection);
    const page = pageOf(pageBytes);
    const range = snapshot.range(store, page?.bookmark || start, end);
    const entries = firstOf(RANGE_KEYS_MAX, asBuffers(range));
    // As lazy as the contract that reads it: one that wants ten keys out of a million gets no more from the table.
    if (page === undefined) return { iterator: new ListIterator(entries) };
    // The bookmark is the first key that is not shown any more, so a page costs no second query.
    const found = [...firstOf(page.size + 1, entries)];
    const shown = found.slice(0, page.size);
    const bookmark = found[page.size]?.key ?? "";
    return { iterator: new ListIterator(shown), metadata: { fetchedRecordsCount: shown.length, bookmark } };
  }

  async handleGetHistoryForKey(key: string): Promise<ListIterator<KeyModification>> {
    if (!this.#options.isEvaluation) throw rangeInWrite("history");
    return new ListIterator(await this.#options.history(key));
  }

  async handleGetQueryResult(): Promise<never> {
    throw new SimulationError("UNSUPPORTED", "rich queries need a document database; use keys and ranges");
  }

  async handleInvokeChaincode(name: string): Promise<never> {
    throw new SimulationError("UNSUPPORTED", `a contract cannot call another chaincode (${name}) here`);
  }

  /** What was read and written, lists in order of their keys. */
  readWriteSet(): NamespaceReadWriteSet {
    return {
      namespace: this.#options.namespace,
      reads: byKey(this.#reads).map(([key, version]) => ({ key, version })),
      writes: byKey(this.#writes).map(([, write]) => write),
      metadataWrites: byKey(this.#metadataWrites).map(([, write]) => write),
      collections: byKey(this.#collections).map(([name, notes]) => hashedSet(name, notes)),
    };
  }

  /** Plain writes to collections, which stay off the channel. */
  privateWrites(): PrivateWrites[] {
    return byKey(this.#collections)
      .filter(([, notes]) => notes.writes.size > 0)
      .map(([collection, notes]) => ({ collection, writes: byKey(notes.writes).map(([, write]) => write) }));
  }

  /** Collections of which plain values were read: only peers that have them come to the same result. */
  collectionsReadPlain(): ReadonlySet<string> {
    return this.#collectionsReadPlain;
  }

  /** Every read is noted, also of what is not there: that it still is not there is checked when the block is made. */
  #read(key: string): StateValue | undefined {
    const found = this.#options.snapshot.get(publicStore(this.#options.namespace), key);
    this.#reads.set(key, found?.version);
    return found;
  }

  #readHashed(collection: string, key: string): StateValue | undefined {
    const keyHash = sha256(Buffer.from(key)).toString("hex");
    const found = this.#options.snapshot.get(hashedStore(this.#options.namespace, collection), keyHash);
    this.#notesOf(collection).reads.set(keyHash, found?.version);
    return found;
  }

  #getPrivate(collection: string, key: string): Buffer {
    this.#checkPlainRead(collection);
    const hashed = this.#readHashed(collection, key);
    const plain = this.#options.snapshot.get(privateStore(this.#options.namespace, collection), key);
    // The hash on the channel decides: a value that does not fit it is not what was agreed.
    if (hashed === undefined) return Buffer.alloc(0);
    if (plain === undefined || !sha256(plain.value).equals(hashed.value)) {
      throw new SimulationError("COLLECTION_ACCESS", `the private value of ${key} in ${collection} is not available`);
    }
    return toBuffer(plain.value);
  }

  #write(collection: string, write: Write): void {
    checkKey(write.key);
    if (collection === "") {
      this.#writes.set(write.key, write);
      return;
    }
    this.#checkCreator(collection, "write");
    this.#notesOf(collection).writes.set(write.key, write);
  }

  #notesOf(collection: string): CollectionNotes {
    const notes = this.#collections.get(collection) ?? { reads: new Map(), writes: new Map() };
    this.#collections.set(collection, notes);
    return notes;
  }

  #rulesOf(collection: string): CollectionRules {
    const rules = this.#options.collections.named(collection);
    if (rules === undefined) throw new SimulationError("COLLECTION_ACCESS", `collection ${collection} is not defined`);
    return rules;
  }

  #checkCreator(collection: string, access: "read" | "write"): CollectionRules {
    const rules = this.#rulesOf(collection);
    const { creatorMspId } = this.#options;
    if (!rules.isForMembersOnly || rules.memberMspIds.includes(creatorMspId)) return rules;
    throw new SimulationError(
      "COLLECTION_ACCESS",
      `${creatorMspId} has no ${access} access to collection ${collection}`,
    );
  }

  #checkPlainRead(collection: string): void {
    const { peerMspId } = this.#options;
    if (!this.#checkCreator(collection, "read").memberMspIds.includes(peerMspId)) {
      throw new SimulationError(
        "COLLECTION_ACCESS",
        `a peer of ${peerMspId} has no values of collection ${collection}`,
      );
    }
    this.#collectionsReadPlain.add(collection);
  }
}

/** A peer gives so many keys of a range and then ends it without a word; Fabric's default `totalQueryLimit`. */
export const RANGE_KEYS_MAX = 100_000;

/** What fabric-shim's stub expects of a query's iterator. */
export class ListIterator<T> {
  readonly #items: Iterator<T>;

  constructor(items: Iterable<T>) {
    this.#items = items[Symbol.iterator]();
  }

  async next(): Promise<{ value: T; done: false } | { done: true }> {
    const { value, done } = this.#items.next();
    return done ? { done } : { value, done: false };
  }

  async close(): Promise<void> {
    this.#items.return?.();
  }
}

type RangeEntry = { key: string; value: Buffer };

/** With metadata where a page was asked for. */
type RangeResult = {
  iterator: ListIterator<RangeEntry>;
  metadata?: { fetchedRecordsCount: number; bookmark: string };
};

/** Reads by hash of the key in hex, writes by plain key. */
type CollectionNotes = { reads: Map<string, Version | undefined>; writes: Map<string, Write> };

function hashedSet(collection: string, notes: CollectionNotes): CollectionReadWriteSet {
  const writes = [...notes.writes.values()].map((write) => ({
    keyHash: sha256(Buffer.from(write.key)),
    valueHash: write.isDelete ? Buffer.alloc(0) : sha256(write.value),
    isDelete: write.isDelete,
  }));
  return {
    collection,
    reads: byKey(notes.reads).map(([keyHash, version]) => ({ keyHash: Buffer.from(keyHash, "hex"), version })),
    writes: writes.sort((left, right) => left.keyHash.compare(right.keyHash)),
  };
}

function pageOf(bytes: Uint8Array | undefined): { size: number; bookmark: string } | undefined {
  if (bytes === undefined) return undefined;
  const page = decodeMessage(peer.QueryMetadata, bytes);
  return { size: page.getPagesize(), bookmark: page.getBookmark() };
}

function rangeInWrite(kind: string): SimulationError {
  return new SimulationError("RANGE_IN_WRITE", `a ${kind} may be read in an evaluation only, not in a transaction`);
}

function checkKey(key: string): void {
  if (key === "") throw new SimulationError("BAD_KEY", "a key must not be empty");
}

function byKey<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([left], [right]) => compareKeys(left, right));
}

function* firstOf<T>(count: number, items: Iterable<T>): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

function* asBuffers(range: Iterable<{ key: string; value: StateValue }>): Generator<RangeEntry> {
  for (const { key, value } of range) yield { key, value: toBuffer(value.value) };
}

function toBuffer(bytes: Uint8Array | undefined): Buffer {
  // A copy: a contract that changes what it was given must not change the state.
  return bytes === undefined ? Buffer.alloc(0) : Buffer.from(bytes);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
