import type { DocumentStore } from "../storage/index.ts";
import type { AnyObject } from "./model.ts";

/**
 * Objects of one kind: durable in the store, and all of them in memory in the order they were made, as every list,
 * every access decision and every notification walks them.
 */
export class ObjectTable<T extends AnyObject> {
  readonly #store: DocumentStore;
  readonly #collection: string;
  readonly #objects = new Map<string, T>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #groupOf: (object: T) => string;

  /** `groupOf` names what objects are looked up by, such as the client they belong to. */
  constructor(store: DocumentStore, collection: string, groupOf: (object: T) => string) {
    this.#store = store;
    this.#collection = collection;
    this.#groupOf = groupOf;
    for (const object of store.list<T>(collection)) this.#remember(object);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(id: string): T | undefined {
    return this.#objects.get(id);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** The objects of one group, in no particular order. */
  inGroup(group: string): readonly T[] {
    return [...(this.#groups.get(group) ?? [])].flatMap((id) => this.#objects.get(id) ?? []);
  }

  /** Writes to the store only. MUST be called inside its transaction, and `applyPut` once that is through. */
  storePut(object: T): void {
    this.#store.put(this.#collection, object.id, object);
  }

  /** Deletes from the store only. MUST be called inside its transaction, and `applyDelete` once that is through. */
  storeDelete(object: T): void {
    this.#store.delete(this.#collection, object.id);
  }

  applyPut(object: T): void {
    this.#forget(object.id);
    this.#remember(object);
  }

  applyDelete(object: T): void {
    this.#forget(object.id);
    this.#objects.delete(object.id);
  }

  #remember(object: T): void {
    this.#objects.set(object.id, object);
    const group = this.#groupOf(object);
    const members = this.#groups.get(group) ?? new Set();
    members.add(object.id);
    this.#groups.set(group, members);
  }

  #forget(id: string): void {
    const known = this.#objects.get(id);
    if (known === undefined) return;
    const group = this.#groupOf(known);
    const members = this.#groups.get(group);
    members?.delete(id);
    if (members?.size === 0) this.#groups.delete(group);
  }
}
