/**
 * What the VTN and the VEN keep: JSON documents under a collection and a key. Everything is synchronous, so that one
 * message is one transaction and no two messages interleave.
 */
export interface DocumentStore {
  get<T>(collection: string, key: string): T | undefined;
  put(collection: string, key: string, value: unknown): void;
  delete(collection: string, key: string): void;
  /** Documents whose key starts with `prefix`, ordered by key. */
  list<T>(collection: string, prefix?: string): readonly T[];
  count(collection: string, prefix?: string): number;
  /** All writes of `work` or none; durable when it returns. Transactions do not nest. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Parts identifiers in a key. XML and JSON APIs refuse it inside identifiers, so keys are unambiguous. */
const SEPARATOR = "\u001f";

/** Identifiers have no separator in them, so other parts give another key. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join(SEPARATOR);
}

/** The prefix of all keys below the given parts. */
export function keysUnder(...parts: readonly string[]): string {
  return parts.join(SEPARATOR) + SEPARATOR;
}
