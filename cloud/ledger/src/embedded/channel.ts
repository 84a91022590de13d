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
  decodeBlock,
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
import { keyHistory, writtenKeys } from "./key-history.ts";
import { LedgerView } from "./ledger-view.ts";
import type { NodeIdentity } from "./node-identity.ts";
import type { KeyModification } from "./simulator.ts";
import { stateChangesOf } from "./state-changes.ts";
import { BlockValidator } from "./validator.ts";
import type { WorldState } from "./world-state.ts";

export type ChannelOptions = {
  consortium: Consortium;
  /** Nodes of which this process holds the keys. The first so many peers as the consortium asks for sign blocks. */
  orderers: readonly NodeIdentity[];
  peers: readonly NodeIdentity[];
  /** Of which collections the chaincodes keep values; block validation asks who has to endorse them. */
  chaincodes: readonly { name: string; collections?: readonly Collection[] }[];
  directory: string;
  /** Changes that are in memory and not yet in the view's database, bytes. */
  changesBytesMax?: number;
};

/** Random is for the nonces of block signatures, so that blocks follow from the seed. */
export type ChannelModules = { disk: Disk; clock: Clock; random: Random };

/** Where a transaction stands in the chain, and what became of it. */
export type CommittedTransaction = { blockNumber: number; transactionIndex: number; code: ValidationCode };

/** The bytes go into the block as they came; what was parsed of them is kept, so that it is done once. */
export type OrderedTransaction = { envelopeBytes: Uint8Array; transaction: ParsedTransaction };

/**
 * The chain of blocks of one channel and the view of what follows from it.
 * ```
 * batch -> validation codes -> sealed block -> fsync -> view -> whoever waits
 * ```
 * Opening takes the same way from the fsync on with the blocks that the view has not got, by the codes that stand in
 * them: endorsements are not verified again, as the block's own signatures say that they were.
 */
export class Channel {
  readonly name: string;
  readonly rules: TransactionRules;
  readonly #chaincodePolicy: Uint8Array;
  readonly #collections: ReadonlyMap<string, Collections>;
  readonly #noCollections: Collections;
  readonly #store: BlockStore;
  readonly #view: LedgerView;
  readonly #sealer: BlockSealer;
  #head: { header: BlockHeader; commitHash: Uint8Array } | undefined;
  #heightWaiters: (() => void)[] = [];

  private constructor(
    options: ChannelOptions,
    modules: ChannelModules,
    parts: { store: BlockStore; view: LedgerView },
  ) {
    const { consortium } = options;
    const mspIds = consortium.organisations.map(({ mspId }) => mspId);
    this.name = consortium.channelName;
    this.rules = { channelName: this.name, membership: new Membership(consortium.organisations) };
    this.#chaincodePolicy = buildEndorsementPolicy(mspIds, consortium.endorsingOrganisationsMin);
    this.#collections = new Map(
      options.chaincodes.map(({ name, collections = [] }) => [name, new Collections(collections, mspIds)]),
    );
    this.#noCollections = new Collections([], mspIds);
    this.#store = parts.store;
    this.#view = parts.view;
    this.#sealer = new BlockSealer(options, modules.random);
  }

  /**
   * Opens the chain in a directory and goes on from its view, which takes in the blocks that it has not got; makes
   * block 0 where there is none.
   * @throws JournalDamagedError or LedgerDamagedError when what is read is not what was once committed.
   * @throws LedgerConfigError when it is the chain of another consortium.
   */
  static async open(options: ChannelOptions, modules: ChannelModules): Promise<Channel> {
    const { disk, clock } = modules;
    const { directory, consortium, changesBytesMax } = options;
    const view = new LedgerView(disk.pathOf?.(`${directory}/${VIEW_FILE}`), changesBytesMax);
    const store = await BlockStore.open({ disk, directory, checkedBefore: view.newestBlock()?.record ?? 0n });
    const channel = new Channel(options, modules, { store, view });
    try {
      await channel.#takeIn(new BlockChecker(consortium));
      if (channel.#head === undefined) await channel.#begin(buildGenesisEnvelope(consortium, clock.nowUnixMs()));
      await channel.#checkConsortium(consortium);
    } catch (error) {
      await channel.#closeFiles();
      throw error;
    }
    return channel;
  }

  height(): number {
    return (this.#head?.header.number ?? -1) + 1;
  }

  headHash(): Uint8Array {
    return this.#head === undefined ? new Uint8Array() : blockHeaderHash(this.#head.header);
  }

  /** The current value of every key. */
  get state(): WorldState {
    return this.#view.state;
  }

  transaction(transactionId: string): CommittedTransaction | undefined {
    return this.#view.transaction(transactionId);
  }

  collectionsOf(chaincodeName: string): Collections {
    return this.#collections.get(chaincodeName) ?? this.#noCollections;
  }

  async blockBytes(number: number): Promise<Uint8Array | undefined> {
    const record = this.#view.record(number);
    return record === undefined ? undefined : this.#store.block(number, record);
  }

  keyHistory(namespace: string, key: string): Promise<KeyModification[]> {
    const blocksThatWrote = (keyHash: number) => this.#view.blocksThatWrote(keyHash);
    return keyHistory({ blocksThatWrote, blockBytes: (number) => this.blockBytes(number) }, namespace, key);
  }

  /** Resolves when there are more than `height` blocks. */
  async whenHigherThan(height: number): Promise<void> {
    while (this.height() <= height) await new Promise<void>((resolve) => this.#heightWaiters.push(resolve));
  }

  /** Keeps private writes, durably, until their transaction is committed. */
  async keepPrivate(transactionId: string, bytes: Uint8Array): Promise<void> {
    await this.#store.appendPrivate(transactionId, bytes);
    this.#view.private.keep(transactionId, bytes);
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
      isKnownTransaction: (transactionId) => this.transaction(transactionId) !== undefined,
    });
    const codes = Uint8Array.from(batch, ({ transaction }) => validator.validate(transaction));
    const block = this.#seal(
      batch.map(({ envelopeBytes }) => envelopeBytes),
      codes,
    );
    const record = await this.#append(block);
    this.#adopt({ block, record, transactions: batch.map(({ transaction }) => transaction) });
  }

  close(): Promise<void> {
    this.#view.flush();
    return this.#closeFiles();
  }

  async #closeFiles(): Promise<void> {
    this.#view.close();
    await this.#store.close();
  }

  /** Takes over where the view stands, and takes in the blocks that it has not got. */
  async #takeIn(checker: BlockChecker): Promise<void> {
    const from = await this.#resume(checker);
    for await (const { record, stored } of this.#store.replay(from)) this.#replay(record, stored, checker);
  }

  async #begin(genesisEnvelope: Uint8Array): Promise<void> {
    const block = this.#seal([genesisEnvelope], Uint8Array.of(VALIDATION_CODE.VALID));
    this.#adopt({ block, record: await this.#append(block), transactions: [] });
  }

  #seal(data: Uint8Array[], validationCodes: Uint8Array): Block {
    const header = { number: this.height(), previousHash: this.headHash(), dataHash: blockDataHash(data) };
    const previous = this.#head?.commitHash ?? new Uint8Array();
    return this.#sealer.seal({ header, data, validationCodes, previousCommitHash: previous });
  }

  #append(block: Block): Promise<bigint> {
    return this.#store.appendBlock(block.header.number, encodeBlock(block));
  }

  /** Record from which on the view has nothing. */
  async #resume(checker: BlockChecker): Promise<bigint> {
    const newest = this.#view.newestBlock();
    if (newest === undefined) return 0n;
    const bytes = await this.#store.block(newest.number, newest.record).catch(() => undefined);
    const verdict = bytes === undefined ? undefined : checker.check(bytes);
    if (!verdict?.ok || !Buffer.from(blockHeaderHash(verdict.block.header)).equals(newest.hash)) {
      // The view of other blocks, as after a restored backup: everything is read again.
      this.#view.clear();
      return 0n;
    }
    const { header, committed } = verdict.block;
    this.#head = { header, commitHash: committed.value };
    return newest.record + 1n;
  }

  #replay(record: bigint, stored: StoredRecord, checker: BlockChecker): void {
    if (stored.kind === "private") {
      this.#view.private.keep(stored.transactionId, stored.bytes);
      return;
    }
    const verdict = checker.check(stored.bytes);
    if (!verdict.ok) throw new LedgerDamagedError(this.height(), verdict.fault);
    const { block } = verdict;
    if (!this.#isNext(block)) throw new LedgerDamagedError(this.height(), "CHAIN_BROKEN");
    this.#adopt({ block, record, transactions: block.header.number === 0 ? [] : block.data.map(parseTransaction) });
  }

  #isNext({ header, validationCodes, committed }: Block): boolean {
    const expected = commitHash(this.#head?.commitHash ?? new Uint8Array(), header, validationCodes);
    return (
      header.number === this.height() &&
      Buffer.from(this.headHash()).equals(header.previousHash) &&
      Buffer.from(expected).equals(committed.value)
    );
  }

  #adopt({ block, record, transactions }: DurableBlock): void {
    const { header, validationCodes } = block;
    const { number } = header;
    const isValid = (index: number) => validationCodes[index] === VALIDATION_CODE.VALID;
    for (const [transactionIndex, transaction] of transactions.entries()) {
      const code = validationCodes[transactionIndex] ?? VALIDATION_CODE.NOT_VALIDATED;
      this.#adoptTransaction(transaction, { blockNumber: number, transactionIndex, code });
    }
    const written = writtenKeys(transactions.filter((_, index) => isValid(index)));
    this.#view.endBlock({ number, hash: blockHeaderHash(header), record, written });
    // Only now is the block there for others: whoever wakes up finds all of its changes.
    this.#head = { header, commitHash: block.committed.value };
    const waiters = this.#heightWaiters;
    this.#heightWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #adoptTransaction(transaction: ParsedTransaction, place: CommittedTransaction): void {
    const { transactionId } = transaction.header;
    // Taken in any case: those of a transaction that turned out invalid are of no more use.
    const privateBytes = this.#view.private.take(transactionId);
    // A duplicate leaves what the first of the name was untouched.
    if (this.transaction(transactionId) === undefined) this.#view.noteTransaction(transactionId, place);
    if (place.code !== VALIDATION_CODE.VALID) return;
    const changes = stateChangesOf(transaction, privateBytes, (store, key) => this.state.get(store, key));
    this.state.apply(changes, place);
  }

  async #checkConsortium(consortium: Consortium): Promise<void> {
    const bytes = await this.blockBytes(0);
    const [envelope = new Uint8Array()] = bytes === undefined ? [] : decodeBlock(bytes).data;
    const { configBytes } = readGenesisEnvelope(envelope);
    if (!Buffer.from(configBytes).equals(buildConfig(consortium))) throw new LedgerConfigError();
  }
}

/** A block that is on stable storage, as this record of the journal. */
type DurableBlock = { block: Block; record: bigint; transactions: readonly ParsedTransaction[] };

/** Beside the blocks; may be deleted while no ledger runs, and is then made from the blocks. */
const VIEW_FILE = "view.sqlite";
