import { createHash } from "node:crypto";
import {
  type CollectionReadWriteSet,
  decodePrivateWrites,
  type MetadataWrite,
  type NamespaceReadWriteSet,
  type ParsedTransaction,
  type PrivateWrites,
} from "../protocol/index.ts";
import { hashedStore, privateStore, publicStore, type StateChange, type StateValue } from "./world-state.ts";

/**
 * What a valid transaction changes. Private values come from beside the channel (`privateBytes`); a value whose hash
 * is not the one on the channel is left out, as if it had never been received.
 */
export function stateChangesOf(
  transaction: ParsedTransaction,
  privateBytes: Uint8Array | undefined,
  stateOf: (store: string, key: string) => StateValue | undefined,
): StateChange[] {
  const privateWrites = privateBytes === undefined ? [] : decodePrivateWrites(privateBytes);
  return transaction.readWriteSets.flatMap((set) => [
    ...publicChanges(set, stateOf),
    ...set.collections.flatMap((collection) => [
      ...hashedChanges(set.namespace, collection),
      ...privateChanges(set.namespace, collection, privateWrites),
    ]),
  ]);
}

/** Values, and settings of keys: those of a key that is written come with the value, others keep the value. */
function publicChanges(
  set: NamespaceReadWriteSet,
  stateOf: (store: string, key: string) => StateValue | undefined,
): StateChange[] {
  const store = publicStore(set.namespace);
  const written = set.writes.map(({ key, value, isDelete }) => ({
    store,
    key,
    value: isDelete ? undefined : value,
    ...metadataOf(set.metadataWrites, key),
  }));
  // Settings of a key that is not written stay without effect when there is no such key, as in Fabric.
  const onlySettings = set.metadataWrites
    .filter(({ key }) => !set.writes.some((write) => write.key === key))
    .flatMap(({ key, entries }) => {
      const value = stateOf(store, key)?.value;
      return value === undefined ? [] : [{ store, key, value, metadata: entries }];
    });
  return [...written, ...onlySettings];
}

function metadataOf(writes: readonly MetadataWrite[], key: string): { metadata?: ReadonlyMap<string, Uint8Array> } {
  const write = writes.find((candidate) => candidate.key === key);
  return write === undefined ? {} : { metadata: write.entries };
}

/** What the whole channel learns of a collection: every peer applies this, whether it has the values or not. */
function hashedChanges(namespace: string, { collection, writes }: CollectionReadWriteSet): StateChange[] {
  return writes.map(({ keyHash, valueHash, isDelete }) => ({
    store: hashedStore(namespace, collection),
    key: Buffer.from(keyHash).toString("hex"),
    value: isDelete ? undefined : valueHash,
  }));
}

/** Values for those who have them: only the ones whose hashes stand in the transaction. */
function privateChanges(
  namespace: string,
  { collection, writes: hashed }: CollectionReadWriteSet,
  privateWrites: readonly PrivateWrites[],
): StateChange[] {
  const expected = new Map(hashed.map((write) => [Buffer.from(write.keyHash).toString("hex"), write]));
  const plain = privateWrites.find((candidate) => candidate.collection === collection)?.writes ?? [];
  return plain.flatMap(({ key, value, isDelete }) => {
    const match = expected.get(sha256(Buffer.from(key)).toString("hex"));
    const isGenuine = match?.isDelete === isDelete && (isDelete || sha256(value).equals(match.valueHash));
    return isGenuine ? [{ store: privateStore(namespace, collection), key, value: isDelete ? undefined : value }] : [];
  });
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
