import {
  type Block,
  decodeBlock,
  type ParsedTransaction,
  parseTransaction,
  VALIDATION_CODE,
} from "../protocol/index.ts";
import type { KeyModification } from "./simulator.ts";
import type { KeyHashes } from "./view-database.ts";

/**
 * Where a key was written. Of each block only hashes of the keys are kept, four bytes a write, and the values are read
 * from the blocks when somebody asks: histories only grow, and are asked for by people and not by transactions.
 */
export type BlockIndex = {
  blocksThatWrote(keyHash: number): readonly number[];
  blockBytes(number: number): Promise<Uint8Array | undefined>;
};

/** Hashes of all keys that valid transactions wrote. */
export function writtenKeys(transactions: readonly ParsedTransaction[]): KeyHashes {
  const sets = transactions.flatMap(({ readWriteSets }) => readWriteSets);
  return Int32Array.from(sets.flatMap(({ namespace, writes }) => writes.map(({ key }) => hashOfKey(namespace, key))));
}

/** Every value a key had, newest first. */
export async function keyHistory(index: BlockIndex, namespace: string, key: string): Promise<KeyModification[]> {
  const modifications: KeyModification[] = [];
  for (const number of index.blocksThatWrote(hashOfKey(namespace, key))) {
    const bytes = await index.blockBytes(number);
    // Block 0 has no transactions, and another key may have the same hash.
    if (bytes !== undefined && number > 0) modifications.push(...modificationsIn(decodeBlock(bytes), namespace, key));
  }
  return modifications.reverse();
}

function modificationsIn({ data, validationCodes }: Block, namespace: string, key: string): KeyModification[] {
  return data
    .filter((_, index) => validationCodes[index] === VALIDATION_CODE.VALID)
    .flatMap((envelope) => modificationsBy(parseTransaction(envelope), namespace, key));
}

function modificationsBy(transaction: ParsedTransaction, namespace: string, key: string): KeyModification[] {
  const { transactionId, atUnixMs } = transaction.header;
  const timestamp = { seconds: Math.floor(atUnixMs / 1000), nanos: (atUnixMs % 1000) * 1e6 };
  return transaction.readWriteSets
    .filter((set) => set.namespace === namespace)
    .flatMap((set) => set.writes)
    .filter((write) => write.key === key)
    .map(({ value, isDelete }) => ({ txId: transactionId, value: Buffer.from(value), isDelete, timestamp }));
}

/** FNV-1a over the characters, 32 bits: two keys of a year may well share one, which costs a look at a block. */
function hashOfKey(namespace: string, key: string): number {
  const text = `${namespace}\n${key}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
