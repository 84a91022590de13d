import type { StateValue } from "./world-state.ts";

/** Values by store and key; null stands for a key that is known to have none. */
export class ValueMap {
  readonly #stores = new Map<string, Map<string, StateValue | null>>();
  #bytes = 0;

  /** Undefined when nothing is known. */
  get(store: string, key: string): StateValue | null | undefined {
    return this.#stores.get(store)?.get(key);
  }

  set(store: string, key: string, value: StateValue | null): void {
    const values = this.#stores.get(store) ?? new Map<string, StateValue | null>();
    if (values.size === 0) this.#stores.set(store, values);
    const sizeBefore = values.size;
    values.set(key, value);
    if (values.size > sizeBefore) this.#bytes += ENTRY_BYTES + key.length;
    // A value that takes another's place counts besides, as the sum only has to be no less than what there is.
    this.#bytes += value?.value.length ?? 0;
  }

  /** At most so many bytes of memory are taken. */
  bytes(): number {
    return this.#bytes;
  }

  *entries(): Generator<[store: string, key: string, value: StateValue | null]> {
    for (const [store, values] of this.#stores) for (const [key, value] of values) yield [store, key, value];
  }
}

/** An entry of a map, the objects of a value and its version, and the head of an array: measured. */
const ENTRY_BYTES = 300;

/**
 * The values that were looked up last. Two generations: when the young one has half of the bytes it becomes the old
 * one, whose values that nobody asked for meanwhile are forgotten. That is nearly the order of use, and costs no list.
 * Takes its bound of memory at most, and a value.
 */
export class RecentValues {
  readonly #bytesMax: number;
  #young = new ValueMap();
  #old = new ValueMap();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(store: string, key: string): StateValue | null | undefined {
    const young = this.#young.get(store, key);
    if (young !== undefined) return young;
    const old = this.#old.get(store, key);
    if (old !== undefined) this.set(store, key, old);
    return old;
  }

  set(store: string, key: string, value: StateValue | null): void {
    this.#young.set(store, key, value);
    if (this.#young.bytes() < this.#bytesMax / 2) return;
    this.#old = this.#young;
    this.#young = new ValueMap();
  }

  bytes(): number {
    return this.#young.bytes() + this.#old.bytes();
  }
}
