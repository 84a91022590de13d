import type { Clock, Disk, Random } from "@gridpact/host";
import { Membership } from "../identity/index.ts";
import {
  type Block,
  BlockChecker,
  type BlockHeader,
  blockDataHash,
  blockHeaderHash,
  buildConfig,
  buildEndorsementPolicy,
  buildGenesisEnvelope,
  type Collection,
  Collections,
  type Consortium,
  commitHash,
  encodeBlock,
  type ParsedTransaction,
  parseTransaction,
  readGenesisEnvelope,
  type TransactionRules,
  VALIDATION_CODE,
  type ValidationCode,
} from "../protocol/index.ts";
import { BlockSealer } from "./block-sealer.ts";
import { BlockStore, type StoredRecord } from "./block-store.ts";
import { LedgerConfigError, LedgerDamagedError } from "./errors.ts";
import { KeyHistory } from "./key-history.ts";
import type { NodeIdentity } from "./node-identity.ts";
import { PrivateWaitingRoom } from "./private-waiting-room.ts";
import type { KeyModification } from "./simulator.ts";
import { stateChangesOf } from "./state-changes.ts";
import { BlockValidator } from "./validator.ts";
import { WorldState } from "./world-state.ts";

export type ChannelOptions = {
  consortium: Consortium;
  /** Nodes of which this process holds the keys. The first so many peers as the consortium asks for sign blocks. */
  orderers: readonly NodeIdentity[];
  peers: readonly NodeIdentity[];
  /** Of which collections the chaincodes keep values; block validation asks who has to endorse them. */
  chaincodes: readonly { name: string; collections?: readonly Collection[] }[];
  directory: string;
};

export type ChannelModules = { disk: Disk; clock: Clock; random: Random };

/** Where a transaction stands in the chain, and what became of it. */
export type CommittedTransaction = { blockNumber: number; transactionIndex: number; code: ValidationCode };

export type OrderedTransaction = { envelopeBytes: Uint8Array; transaction: ParsedTransaction };

/**
 * The chain of blocks of one channel and the state that follows from it.
 * ```
 * batch -> validation codes -> sealed block -> fsync -> state, index, history -> whoever waits
 * ```
 * Opening takes the same way from the fsync on, with the codes that stand in the blocks: endorsements are not verified
 * again, as the block's own signatures say that they were.
 */
export class Channel {
  readonly name: string;
  readonly rules: TransactionRules;
  readonly state = new WorldState();
  readonly #chaincodePolicy: Uint8Array;
  readonly #collections: ReadonlyMap<string, Collections>;
  readonly #noCollections: Collections;
  readonly #store: BlockStore;
  readonly #sealer: BlockSealer;
  readonly #history: KeyHistory;
  readonly #transactions = new Map<string, CommittedTransaction>();
  readonly #private = new PrivateWaitingRoom();
  #head: { header: BlockHeader; commitHash: Uint8Array } | undefined;
  #heightWaiters: (() => void)[] = [];

  private constructor(options: ChannelOptions, modules: ChannelModules, store: BlockStore) {
    const { consortium } = options;
    const mspIds = consortium.organisations.map(({ mspId }) => mspId);
    this.name = consortium.channelName;
    this.rules = { channelName: this.name, membership: new Membership(consortium.organisations) };
    this.#chaincodePolicy = buildEndorsementPolicy(mspIds, consortium.endorsingOrganisationsMin);
    this.#collections = new Map(
      options.chaincodes.map(({ name, collections = [] }) => [name, new Collections(collections, mspIds)]),
    );
    this.#noCollections = new Collections([], mspIds);
    this.#store = store;
    this.#sealer = new BlockSealer(options, modules.random);
    this.#history = new KeyHistory((number) => this.blockBytes(number));
  }

  /**
   * Opens the chain in a directory and rebuilds the state from its blocks; makes block 0 where there is none.
   * @throws JournalDamagedError or LedgerDamagedError when what is stored is not what was once committed.
   * @throws LedgerConfigError when it is the chain of another consortium.
   */
  static async open(options: ChannelOptions, modules: ChannelModules): Promise<Channel> {
    const store = await BlockStore.open({ disk: modules.disk, directory: options.directory });
    const channel = new Channel(options, modules, store);
    const checker = new BlockChecker(options.consortium);
    for await (const record of store.replay()) channel.#replay(record, checker, options.consortium);
    if (channel.#head === undefined) await channel.#begin(options.consortium, modules.clock);
    return channel;
  }

  height(): number {
    return (this.#head?.header.number ?? -1) + 1;
  }

  headHash(): Uint8Array {
    return this.#head === undefined ? new Uint8Array() : blockHeaderHash(this.#head.header);
  }

  transaction(transactionId: string): CommittedTransaction | undefined {
    return this.#transactions.get(transactionId);
  }

  collectionsOf(chaincodeName: string): Collections {
    return this.#collections.get(chaincodeName) ?? this.#noCollections;
  }

  blockBytes(number: number): Promise<Uint8Array | undefined> {
    return this.#store.block(number);
  }

  keyHistory(namespace: string, key: string): Promise<KeyModification[]> {
    return this.#history.of(namespace, key);
  }

  /** Resolves when there are more than `height` blocks. */
  async whenHigherThan(height: number): Promise<void> {
    while (this.height() <= height) await new Promise<void>((resolve) => this.#heightWaiters.push(resolve));
  }

  /** Keeps private writes, durably, until their transaction is committed. */
  async keepPrivate(transactionId: string, bytes: Uint8Array): Promise<void> {
    await this.#store.appendPrivate(transactionId, bytes);
    this.#private.keep(transactionId, bytes);
  }

  /**
   * Makes the next block of the given transactions, which are validated in this order. Resolves when the block is
   * durable and its changes are visible. MUST NOT be called again before that.
   * @throws JournalWriteError when it could not be made durable; the process MUST end then.
   */
  async commit(batch: readonly OrderedTransaction[]): Promise<void> {
    const validator = new BlockValidator({
      rules: this.rules,
      chaincodePolicy: this.#chaincodePolicy,
      policyOfCollection: (namespace, name) => this.collectionsOf(namespace).named(name)?.endorsementPolicy,
      stateOf: (store, key) => this.state.get(store, key),
      isKnownTransaction: (transactionId) => this.#transactions.has(transactionId),
    });
    const codes = Uint8Array.from(batch, ({ transaction }) => validator.validate(transaction));
    const block = this.#seal(
      batch.map(({ envelopeBytes }) => envelopeBytes),
      codes,
    );
    await this.#store.appendBlock(encodeBlock(block));
    this.#adopt(
      block,
      batch.map(({ transaction }) => transaction),
    );
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #begin(consortium: Consortium, clock: Clock): Promise<void> {
    const data = [buildGenesisEnvelope(consortium, clock.nowUnixMs())];
    const block = this.#seal(data, Uint8Array.of(VALIDATION_CODE.VALID));
    await this.#store.appendBlock(encodeBlock(block));
    this.#adopt(block, []);
  }

  #seal(data: Uint8Array[], validationCodes: Uint8Array): Block {
    const header = { number: this.height(), previousHash: this.headHash(), dataHash: blockDataHash(data) };
    const previous = this.#head?.commitHash ?? new Uint8Array();
    return this.#sealer.seal({ header, data, validationCodes, previousCommitHash: previous });
  }

  #replay(record: StoredRecord, checker: BlockChecker, consortium: Consortium): void {
    if (record.kind === "private") {
      this.#private.keep(record.transactionId, record.bytes);
      return;
    }
    const verdict = checker.check(record.bytes);
    if (!verdict.ok) throw new LedgerDamagedError(this.height(), verdict.fault);
    const { block } = verdict;
    if (!this.#isNext(block)) throw new LedgerDamagedError(this.height(), "CHAIN_BROKEN");
    if (block.header.number === 0) checkConsortium(block, consortium);
    this.#adopt(block, block.header.number === 0 ? [] : block.data.map(parseTransaction));
  }

  #isNext({ header, validationCodes, committed }: Block): boolean {
    const expected = commitHash(this.#head?.commitHash ?? new Uint8Array(), header, validationCodes);
    return (
      header.number === this.height() &&
      Buffer.from(this.headHash()).equals(header.previousHash) &&
      Buffer.from(expected).equals(committed.value)
    );
  }

  #adopt(block: Block, transactions: readonly ParsedTransaction[]): void {
    for (const [transactionIndex, transaction] of transactions.entries()) {
      const code = block.validationCodes[transactionIndex] ?? VALIDATION_CODE.NOT_VALIDATED;
      this.#adoptTransaction(transaction, { blockNumber: block.header.number, transactionIndex, code });
    }
    // Only now is the block there for others: whoever wakes up finds all of its changes.
    this.#head = { header: block.header, commitHash: block.committed.value };
    const waiters = this.#heightWaiters;
    this.#heightWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #adoptTransaction(transaction: ParsedTransaction, place: CommittedTransaction): void {
    const { transactionId } = transaction.header;
    // Taken in any case: those of a transaction that turned out invalid are of no more use.
    const privateBytes = this.#private.take(transactionId);
    // A duplicate leaves what the first of the name was untouched.
    if (!this.#transactions.has(transactionId)) this.#transactions.set(transactionId, place);
    if (place.code !== VALIDATION_CODE.VALID) return;
    const changes = stateChangesOf(transaction, privateBytes, (store, key) => this.state.get(store, key));
    this.state.apply(changes, place);
    this.#history.note(transaction, place);
  }
}

function checkConsortium(genesis: Block, consortium: Consortium): void {
  const { configBytes } = readGenesisEnvelope(genesis.data[0] ?? new Uint8Array());
  if (!Buffer.from(configBytes).equals(buildConfig(consortium))) throw new LedgerConfigError();
}
