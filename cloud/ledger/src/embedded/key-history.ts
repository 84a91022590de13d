import { decodeBlock, type ParsedTransaction, parseTransaction } from "../protocol/index.ts";
import type { CommittedTransaction } from "./channel.ts";
import type { KeyModification } from "./simulator.ts";

/**
 * Where each key was written; the values are read from the blocks when somebody asks. Kept apart from the state, as it
 * only grows, and is asked for by people and not by transactions.
 */
export class KeyHistory {
  readonly #places = new Map<string, { blockNumber: number; transactionIndex: number }[]>();
  readonly #blockBytes: (number: number) => Promise<Uint8Array | undefined>;

  constructor(blockBytes: (number: number) => Promise<Uint8Array | undefined>) {
    this.#blockBytes = blockBytes;
  }

  note(transaction: ParsedTransaction, { blockNumber, transactionIndex }: CommittedTransaction): void {
    for (const { namespace, writes } of transaction.readWriteSets) {
      for (const { key } of writes) {
        const places = this.#places.get(`${namespace}\n${key}`) ?? [];
        places.push({ blockNumber, transactionIndex });
        this.#places.set(`${namespace}\n${key}`, places);
      }
    }
  }

  /** Every value a key had, newest first. */
  async of(namespace: string, key: string): Promise<KeyModification[]> {
    const modifications: KeyModification[] = [];
    for (const place of (this.#places.get(`${namespace}\n${key}`) ?? []).toReversed()) {
      const bytes = await this.#blockBytes(place.blockNumber);
      const envelope = bytes && decodeBlock(bytes).data[place.transactionIndex];
      if (envelope === undefined) continue;
      modifications.push(...modificationsIn(parseTransaction(envelope), namespace, key));
    }
    return modifications;
  }
}

function modificationsIn(transaction: ParsedTransaction, namespace: string, key: string): KeyModification[] {
  const { transactionId, atUnixMs } = transaction.header;
  const timestamp = { seconds: Math.floor(atUnixMs / 1000), nanos: (atUnixMs % 1000) * 1e6 };
  return transaction.readWriteSets
    .filter((set) => set.namespace === namespace)
    .flatMap((set) => set.writes)
    .filter((write) => write.key === key)
    .map(({ value, isDelete }) => ({ txId: transactionId, value: Buffer.from(value), isDelete, timestamp }));
}
