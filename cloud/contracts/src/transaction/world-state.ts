import assert from "node:assert/strict";
import { canonicalJson, type JsonValue } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { MONEY_POLICY } from "./key-policy.ts";
import { readShape, type Shape } from "./shape.ts";

type Stub = Context["stub"];

/** Where a value of the world state lives and how it reads. */
export type Document<T> = { readonly key: string; readonly shape: Shape<T> };

/** Names the documents of one kind: `collection("anchor", ANCHOR)("district", "7")` has the key `anchor/district/7`. */
export function collection<T>(name: string, shape: Shape<T>): (...ids: readonly string[]) => Document<T> {
  return (...ids) => ({ key: [name, ...ids].join("/"), shape });
}

/** One page of documents in key order; `next` continues it and is null at the end. */
export type Page<T> = { readonly values: readonly T[]; readonly next: string | null };

/**
 * The world state as one transaction sees it. Fabric does not show a transaction its own writes, so reads and writes
 * go through here: a value is read once, changed any number of times, and written once, in key order, at the end. A
 * refused transaction writes nothing at all.
 */
export class WorldState {
  readonly #stub: Stub;
  /** Values as the transaction sees them now; undefined where there is none. */
  readonly #seen = new Map<string, unknown>();
  readonly #written = new Set<string>();
  /** Keys that are new and get a policy of their own. */
  readonly #guarded = new Set<string>();
  #hasListed = false;

  constructor(stub: Stub) {
    this.#stub = stub;
  }

  async get<T>({ key, shape }: Document<T>): Promise<T | undefined> {
    if (!this.#seen.has(key)) {
      const bytes = await this.#stub.getState(key);
      // Fabric answers an absent key with no bytes.
      this.#seen.set(key, isAbsent(bytes) ? undefined : parseDocument({ key, shape }, bytes));
    }
    return this.#seen.get(key) as T | undefined;
  }

  /** Writes without reading: two transactions that only `put` different values never conflict with each other. */
  put<T>({ key }: Document<T>, value: T): void {
    this.#seen.set(key, value);
    this.#written.add(key);
  }

  /**
   * As `put`, for a key that holds money: the first time it is written it gets the policy that two organisations have
   * to endorse every later change. It MUST have been read before, which tells whether it is new.
   */
  putMoney<T>(document: Document<T>, value: T): void {
    assert(this.#seen.has(document.key), "whether a key is new is known from reading it");
    if (this.#seen.get(document.key) === undefined && !this.#written.has(document.key)) this.#guarded.add(document.key);
    this.put(document, value);
  }

  remove({ key }: Document<unknown>): void {
    this.#seen.set(key, undefined);
    this.#written.add(key);
  }

  /**
   * Committed documents whose keys continue `prefix`, at most `limit`, after the key part `after`. Only for
   * transactions that write nothing: a range read in a write is checked again at commit and makes strangers conflict.
   */
  async list<T>({ key: prefix, shape }: Document<T>, range: { after: string; limit: number }): Promise<Page<T>> {
    this.#hasListed = true;
    // "!" sorts below every character that may follow a whole key part, "0" right above the separator "/".
    const from = range.after === "" ? `${prefix}/` : `${prefix}/${range.after}!`;
    const iterator = await this.#stub.getStateByRange(from, `${prefix}0`);
    try {
      const values: T[] = [];
      let next = range.after;
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
        if (values.length === range.limit) return { values, next };
        values.push(parseDocument({ key: step.value.key, shape }, step.value.value));
        next = step.value.key.slice(prefix.length + 1);
      }
      return { values, next: null };
    } finally {
      await iterator.close();
    }
  }

  /** Hands all writes to the peer, in key order so that every endorser produces the same bytes. */
  async flush(): Promise<void> {
    assert(!this.#hasListed || this.#written.size === 0, "a transaction that writes must not read ranges");
    for (const key of [...this.#written].sort()) {
      const value = this.#seen.get(key);
      if (value === undefined) await this.#stub.deleteState(key);
      else await this.#stub.putState(key, Buffer.from(canonicalJson(value)));
      if (this.#guarded.has(key)) await this.#stub.setStateValidationParameter(key, MONEY_POLICY);
    }
  }
}

function isAbsent(bytes: Uint8Array | undefined): bytes is undefined {
  return bytes === undefined || bytes.length === 0;
}

/** The state was written by these contracts, so a document that does not fit its shape is a bug, not an input. */
function parseDocument<T>({ key, shape }: Document<T>, bytes: Uint8Array): T {
  // Not a copy: the state is most of what a transaction reads.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const reading = readShape(shape, JSON.parse(text) as JsonValue);
  assert(reading.ok, `the state at ${key} is damaged`);
  return reading.value;
}
