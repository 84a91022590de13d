import { collections } from "@gridpact/contracts";
import { isSignedBy, Membership, readCertificate } from "../identity/index.ts";
import {
  type Block,
  blockDataHash,
  blockHeaderHash,
  type Consortium,
  checkTransaction,
  consenterIdOf,
  decodeBlock,
  deployedPolicies,
  type EndorsementPolicies,
  isEndorsedEnough,
  type NamespaceReadWriteSet,
  orderedBytes,
  ordererQuorum,
  type ParsedTransaction,
  tryParseTransaction,
  VALIDATION_CODE,
  type Version,
  verifiedEndorsers,
} from "../protocol/index.ts";
import { MalformedMessageError } from "../wire/index.ts";
import { BlockNotProvenError } from "./verify-block.ts";

/** A transaction in a block that a quorum of consenters ordered, with its place there. */
export type OrderedTransaction = { transactionId: string; place: Version; parsed: ParsedTransaction };

/** A block as the consenters signed it. */
export type OrderedBlock = {
  number: number;
  hashHex: string;
  previousHashHex: string;
  /** Endorsed transactions that hold by themselves, by id. Whether they were valid is no part of what was ordered. */
  transactions: ReadonlyMap<string, OrderedTransaction>;
};

/**
 * What a light client believes of a Fabric network: no peer's word, only signatures.
 * ```
 * block   quorum of consenters signed the header, the header names the data  -> the transaction was ordered
 * reader  peers of enough organisations signed that they read a key at the
 *         version (block, place) of that transaction                         -> it was valid: it wrote the key
 * ```
 * Validation codes are each peer's own and signed by nobody in Fabric, so the second step stands in for them: a version
 * is given to a key by a valid transaction only. The reader is any later transaction, or a query that was endorsed and
 * never submitted. Of what is private a block has hashes of keys, which are read and written like keys.
 *
 * How many organisations are enough is up to what was written: for a private collection its members may decide alone. A
 * reader has to satisfy the chaincode's own policy, whatever it reads.
 */
export class OrderedBlockVerifier {
  readonly #consortium: Consortium;
  readonly #membership: Membership;
  readonly #policies: EndorsementPolicies;

  /**
   * Consenters are numbered by their order in the consortium, from 1 on, as in the channel's configuration.
   * @param policies - As this project deploys its chaincode; `committedDefinition` reads them from the channel itself
   */
  constructor(consortium: Consortium, policies: EndorsementPolicies = deployedPolicies(consortium, collections)) {
    this.#consortium = consortium;
    this.#membership = new Membership(consortium.organisations);
    this.#policies = policies;
  }

  /** @throws BlockNotProvenError */
  verify(bytes: Uint8Array): OrderedBlock {
    const block = readOrderedBlock(bytes, this.#consortium);
    return {
      number: block.header.number,
      hashHex: Buffer.from(blockHeaderHash(block.header)).toString("hex"),
      previousHashHex: Buffer.from(block.header.previousHash).toString("hex"),
      transactions: this.#transactionsOf(block),
    };
  }

  /**
   * Whether a reader proves that an ordered transaction took effect.
   * @param reader - `common.Envelope` bytes of an endorsed transaction, ordered or not
   * @throws BlockNotProvenError when the reader is not endorsed by enough organisations
   */
  provesEffect(transaction: OrderedTransaction, reader: Uint8Array): boolean {
    const parsed = tryParseTransaction(reader);
    // What a reader writes is never committed; it is its word on what it read that counts.
    const policies = { ...this.#policies, policyOfCollection: () => undefined };
    if (parsed === undefined || !this.#isEndorsed(parsed, policies)) {
      throw new BlockNotProvenError("TRANSACTION_NOT_ENDORSED", "the reader is not endorsed by enough organisations");
    }
    const { blockNumber, transactionIndex } = transaction.place;
    const written = new Set(transaction.parsed.readWriteSets.flatMap(keysWritten));
    return parsed.readWriteSets
      .flatMap(keysRead)
      .some(
        ({ key, version }) =>
          written.has(key) && version?.blockNumber === blockNumber && version.transactionIndex === transactionIndex,
      );
  }

  #transactionsOf({ header, data }: Block): Map<string, OrderedTransaction> {
    const transactions = new Map<string, OrderedTransaction>();
    for (const [transactionIndex, envelope] of data.entries()) {
      const parsed = tryParseTransaction(envelope);
      if (parsed === undefined || !this.#isEndorsed(parsed, this.#policies)) continue;
      const { transactionId } = parsed.header;
      // The first place counts: the same bytes again are a duplicate without effect.
      if (transactions.has(transactionId)) continue;
      transactions.set(transactionId, {
        transactionId,
        parsed,
        place: { blockNumber: header.number, transactionIndex },
      });
    }
    return transactions;
  }

  #isEndorsed(transaction: ParsedTransaction, policies: EndorsementPolicies): boolean {
    const rules = { channelName: this.#consortium.channelName, membership: this.#membership };
    if (checkTransaction(transaction, rules) !== VALIDATION_CODE.VALID) return false;
    return isEndorsedEnough(transaction, policies, verifiedEndorsers(transaction, rules));
  }
}

type KeyRead = { key: string; version: Version | undefined };

/** Keys of the channel, and hashes of keys in collections, each under a name that no other can have. */
function keysWritten({ namespace, writes, collections: ofCollections }: NamespaceReadWriteSet): string[] {
  return [
    ...writes.filter(({ isDelete }) => !isDelete).map(({ key }) => publicKey(namespace, key)),
    ...ofCollections.flatMap(({ collection, writes: hashed }) =>
      hashed.filter(({ isDelete }) => !isDelete).map(({ keyHash }) => hashedKey(namespace, collection, keyHash)),
    ),
  ];
}

function keysRead({ namespace, reads, collections: ofCollections }: NamespaceReadWriteSet): KeyRead[] {
  return [
    ...reads.map(({ key, version }) => ({ key: publicKey(namespace, key), version })),
    ...ofCollections.flatMap(({ collection, reads: hashed }) =>
      hashed.map(({ keyHash, version }) => ({ key: hashedKey(namespace, collection, keyHash), version })),
    ),
  ];
}

function publicKey(namespace: string, key: string): string {
  return JSON.stringify([namespace, key]);
}

function hashedKey(namespace: string, collection: string, keyHash: Uint8Array): string {
  return JSON.stringify([namespace, collection, Buffer.from(keyHash).toString("hex")]);
}

/**
 * A block whose header a quorum of consenters signed, and whose data is what the header names. The first block is the
 * channel's configuration, which nobody ordered: it holds by the hash in the second.
 * @throws BlockNotProvenError
 */
export function readOrderedBlock(bytes: Uint8Array, { orderers }: Consortium): Block {
  const block = decoded(bytes);
  if (!Buffer.from(blockDataHash(block.data)).equals(block.header.dataHash)) {
    throw new BlockNotProvenError("BLOCK_DATA_HASH", "the data is not what the header names");
  }
  const signed = signingConsenters(block, orderers);
  if (block.header.number > 0 && signed < ordererQuorum(orderers.length)) {
    throw new BlockNotProvenError("BLOCK_ORDERER_SIGNATURES", `${signed} of ${orderers.length} consenters signed`);
  }
  return block;
}

/** Each consenter counts once, whatever stands in the block. */
function signingConsenters({ ordered, header }: Block, orderers: Consortium["orderers"]): number {
  const signed = new Set<number>();
  for (const { identifierHeader, signature } of ordered.signatures) {
    const id = identifierHeader === undefined ? 0 : consenterIdOf(identifierHeader);
    const consenter = orderers[id - 1];
    if (identifierHeader === undefined || consenter === undefined) continue;
    const { publicKey } = readCertificate(consenter.certificatePem);
    if (isSignedBy(publicKey, orderedBytes(ordered.value, identifierHeader, header), signature)) signed.add(id);
  }
  return signed.size;
}

function decoded(bytes: Uint8Array): Block {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (error instanceof MalformedMessageError) throw new BlockNotProvenError("BLOCK_MALFORMED", error.message);
    throw error;
  }
}
