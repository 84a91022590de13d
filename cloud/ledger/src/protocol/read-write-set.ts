import { ledger } from "@hyperledger/fabric-protos";
import { decodeMessage } from "../wire/index.ts";

const { rwset } = ledger;
const { kvrwset } = rwset;

/** Place of the transaction that wrote a value last. */
export type Version = { blockNumber: number; transactionIndex: number };

/** Without a version there was no such key when it was read. */
export type Read = { key: string; version: Version | undefined };
/** A deletion has an empty value. */
export type Write = { key: string; value: Uint8Array; isDelete: boolean };
/** Key-level settings, such as the endorsement policy of one key. */
export type MetadataWrite = { key: string; entries: ReadonlyMap<string, Uint8Array> };
/** As `Read`, by the SHA-256 of the key: the channel may not know which one it is. */
export type HashedRead = { keyHash: Uint8Array; version: Version | undefined };
/** SHA-256 of key and value; who can guess a value knows it by this, so values that are secret carry a salt. */
export type HashedWrite = { keyHash: Uint8Array; valueHash: Uint8Array; isDelete: boolean };

/** What a transaction read from and wrote to one private data collection, as far as the channel may know. */
export type CollectionReadWriteSet = { collection: string; reads: HashedRead[]; writes: HashedWrite[] };

/**
 * What a transaction read and wrote under one chaincode's namespace. On the wire a message within bytes within a
 * message, since Fabric's peers pass each layer on without looking into it:
 * ```
 * TxReadWriteSet > NsReadWriteSet { namespace, KVRWSet, CollectionHashedReadWriteSet { name, HashedRWSet } }
 * ```
 */
export type NamespaceReadWriteSet = {
  namespace: string;
  reads: Read[];
  writes: Write[];
  metadataWrites: MetadataWrite[];
  collections: CollectionReadWriteSet[];
};

/** `TxReadWriteSet` bytes. The caller gives every list in order of its keys: equal sets must be equal bytes. */
export function encodeReadWriteSet(sets: readonly NamespaceReadWriteSet[]): Uint8Array {
  const message = new rwset.TxReadWriteSet();
  message.setDataModel(rwset.TxReadWriteSet.DataModel.KV);
  for (const set of sets) message.addNsRwset(encodeNamespace(set));
  return message.serializeBinary();
}

/** @throws MalformedMessageError */
export function decodeReadWriteSet(bytes: Uint8Array): NamespaceReadWriteSet[] {
  return decodeMessage(rwset.TxReadWriteSet, bytes)
    .getNsRwsetList()
    .map((message) => {
      const set = decodeMessage(kvrwset.KVRWSet, message.getRwset_asU8());
      return {
        namespace: message.getNamespace(),
        reads: set.getReadsList().map((read) => ({ key: read.getKey(), version: toVersion(read.getVersion()) })),
        writes: set.getWritesList().map(toWrite),
        metadataWrites: set.getMetadataWritesList().map((write) => ({
          key: write.getKey(),
          entries: new Map(write.getEntriesList().map((entry) => [entry.getName(), entry.getValue_asU8()])),
        })),
        collections: message.getCollectionHashedRwsetList().map(decodeCollection),
      };
    });
}

/** Plain writes to one private data collection. */
export type PrivateWrites = { collection: string; writes: Write[] };

/** `TxPvtReadWriteSet` bytes: never part of a transaction, kept by the members of the collection only. */
export function encodePrivateWrites(namespace: string, collections: readonly PrivateWrites[]): Uint8Array {
  const inNamespace = new rwset.NsPvtReadWriteSet();
  inNamespace.setNamespace(namespace);
  for (const { collection, writes } of collections) {
    const set = new kvrwset.KVRWSet();
    set.setWritesList(writes.map(fromWrite));
    const message = new rwset.CollectionPvtReadWriteSet();
    message.setCollectionName(collection);
    message.setRwset(set.serializeBinary());
    inNamespace.addCollectionPvtRwset(message);
  }
  const message = new rwset.TxPvtReadWriteSet();
  message.addNsPvtRwset(inNamespace);
  return message.serializeBinary();
}

/** @throws MalformedMessageError */
export function decodePrivateWrites(bytes: Uint8Array): PrivateWrites[] {
  return decodeMessage(rwset.TxPvtReadWriteSet, bytes)
    .getNsPvtRwsetList()
    .flatMap((inNamespace) => inNamespace.getCollectionPvtRwsetList())
    .map((message) => ({
      collection: message.getCollectionName(),
      writes: decodeMessage(kvrwset.KVRWSet, message.getRwset_asU8()).getWritesList().map(toWrite),
    }));
}

function encodeNamespace(set: NamespaceReadWriteSet): ledger.rwset.NsReadWriteSet {
  const kv = new kvrwset.KVRWSet();
  for (const { key, version } of set.reads) {
    const read = kv.addReads();
    read.setKey(key);
    read.setVersion(fromVersion(version));
  }
  kv.setWritesList(set.writes.map(fromWrite));
  for (const { key, entries } of set.metadataWrites) {
    const write = kv.addMetadataWrites();
    write.setKey(key);
    for (const [name, value] of entries) {
      const entry = write.addEntries();
      entry.setName(name);
      entry.setValue(value);
    }
  }
  const message = new rwset.NsReadWriteSet();
  message.setNamespace(set.namespace);
  message.setRwset(kv.serializeBinary());
  for (const collection of set.collections) message.addCollectionHashedRwset(encodeCollection(collection));
  return message;
}

function encodeCollection(set: CollectionReadWriteSet): ledger.rwset.CollectionHashedReadWriteSet {
  const hashed = new kvrwset.HashedRWSet();
  for (const { keyHash, version } of set.reads) {
    const read = hashed.addHashedReads();
    read.setKeyHash(keyHash);
    read.setVersion(fromVersion(version));
  }
  for (const { keyHash, valueHash, isDelete } of set.writes) {
    const write = hashed.addHashedWrites();
    write.setKeyHash(keyHash);
    write.setValueHash(valueHash);
    write.setIsDelete(isDelete);
  }
  const message = new rwset.CollectionHashedReadWriteSet();
  message.setCollectionName(set.collection);
  message.setHashedRwset(hashed.serializeBinary());
  return message;
}

function decodeCollection(message: ledger.rwset.CollectionHashedReadWriteSet): CollectionReadWriteSet {
  const hashed = decodeMessage(kvrwset.HashedRWSet, message.getHashedRwset_asU8());
  return {
    collection: message.getCollectionName(),
    reads: hashed
      .getHashedReadsList()
      .map((read) => ({ keyHash: read.getKeyHash_asU8(), version: toVersion(read.getVersion()) })),
    writes: hashed.getHashedWritesList().map((write) => ({
      keyHash: write.getKeyHash_asU8(),
      valueHash: write.getValueHash_asU8(),
      isDelete: write.getIsDelete(),
    })),
  };
}

function toWrite(write: ledger.rwset.kvrwset.KVWrite): Write {
  return { key: write.getKey(), value: write.getValue_asU8(), isDelete: write.getIsDelete() };
}

/** A deletion carries no value, so that there is one encoding of it. */
function fromWrite({ key, value, isDelete }: Write): ledger.rwset.kvrwset.KVWrite {
  const write = new kvrwset.KVWrite();
  write.setKey(key);
  write.setIsDelete(isDelete);
  if (!isDelete) write.setValue(value);
  return write;
}

/** An absent version says that the key did not exist when it was read. */
function toVersion(version: ledger.rwset.kvrwset.Version | undefined): Version | undefined {
  if (version === undefined) return undefined;
  return { blockNumber: version.getBlockNum(), transactionIndex: version.getTxNum() };
}

function fromVersion(version: Version | undefined): ledger.rwset.kvrwset.Version | undefined {
  if (version === undefined) return undefined;
  const message = new kvrwset.Version();
  message.setBlockNum(version.blockNumber);
  message.setTxNum(version.transactionIndex);
  return message;
}
