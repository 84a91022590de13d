import { BlockValidator, type StateChange, type StateValue, stateChangesOf, WorldState } from "../embedded/index.ts";
import { BlockNotProvenError, type ProvenBlock, provenTransactionOf, readOrderedBlock } from "../evidence/index.ts";
import { Membership } from "../identity/index.ts";
import {
  type Block,
  blockHeaderHash,
  type Collection,
  type Consortium,
  deployedPolicies,
  type EndorsementPolicies,
  type ParsedTransaction,
  tryParseTransaction,
  VALIDATION_CODE,
  type ValidationCode,
  validationCodeName,
} from "../protocol/index.ts";

/**
 * Verifies the blocks of a Fabric network first to last, as a peer does: a quorum of consenters ordered them, and which
 * transactions took effect is found out anew, by their endorsements, their ids and the versions that they read.
 * ```
 * block -> quorum of consenters -> each transaction: genuine? endorsed? new? read what was current? -> its writes
 * ```
 * Fabric signs no validation codes, so whoever hands the blocks over could say what he likes. What he says is compared,
 * and never believed. Keeps the version of every key of the chaincode, but no value.
 */
export class OrderedChainVerifier {
  readonly #consortium: Consortium;
  readonly #chaincodeName: string;
  readonly #membership: Membership;
  readonly #policies: EndorsementPolicies;
  readonly #state = WorldState.inMemory();
  readonly #transactionIds = new Set<string>();

  /** @param chaincode - Whose transactions count, as deployed; the peers' lifecycle of chaincodes is none of it */
  constructor(consortium: Consortium, chaincode: { name: string; collections: readonly Collection[] }) {
    this.#consortium = consortium;
    this.#chaincodeName = chaincode.name;
    this.#membership = new Membership(consortium.organisations);
    this.#policies = deployedPolicies(consortium, chaincode.collections);
  }

  /** @throws BlockNotProvenError; VALIDATION_CODE_DIFFERS when the giver of the block says something else */
  verify(bytes: Uint8Array): ProvenBlock {
    const block = readOrderedBlock(bytes, this.#consortium);
    const { number, previousHash } = block.header;
    const valid = this.#validTransactions(block);
    for (const { parsed, transactionIndex } of valid) this.#apply(parsed, { blockNumber: number, transactionIndex });
    this.#state.settle();
    const proven = valid.map(({ parsed }) => provenTransactionOf(parsed, this.#membership));
    return {
      number,
      hashHex: Buffer.from(blockHeaderHash(block.header)).toString("hex"),
      previousHashHex: Buffer.from(previousHash).toString("hex"),
      transactions: new Map(proven.map((transaction) => [transaction.transactionId, transaction])),
    };
  }

  #validTransactions({ header, data, validationCodes }: Block): Placed[] {
    const validator = new BlockValidator({
      rules: { channelName: this.#consortium.channelName, membership: this.#membership },
      ...this.#policies,
      stateOf: (store, key) => this.#stateOf(store, key),
      isKnownTransaction: (transactionId) => this.#transactionIds.has(transactionId),
    });
    const valid: Placed[] = [];
    for (const [transactionIndex, envelope] of data.entries()) {
      const parsed = this.#ownTransaction(envelope);
      if (parsed === undefined) continue;
      const code = validator.validate(parsed);
      demandSameCode({ found: validationCodes[transactionIndex], code }, `block ${header.number}, ${transactionIndex}`);
      this.#transactionIds.add(parsed.header.transactionId);
      if (code === VALIDATION_CODE.VALID) valid.push({ parsed, transactionIndex });
    }
    return valid;
  }

  /** Undefined for changes of the configuration and for other chaincodes; without what the peers' namespace adds. */
  #ownTransaction(envelope: Uint8Array): ParsedTransaction | undefined {
    const parsed = tryParseTransaction(envelope);
    if (parsed?.header.chaincodeName !== this.#chaincodeName) return undefined;
    // Fabric has every transaction read its chaincode's definition, which organisations change by their own rules.
    const isRead = ({ namespace, writes }: ParsedTransaction["readWriteSets"][number]) =>
      namespace !== this.#chaincodeName && writes.length === 0;
    return { ...parsed, readWriteSets: parsed.readWriteSets.filter((set) => !isRead(set)) };
  }

  #stateOf(store: string, key: string): StateValue | undefined {
    return this.#state.get(store, key);
  }

  #apply(transaction: ParsedTransaction, version: { blockNumber: number; transactionIndex: number }): void {
    const changes = stateChangesOf(transaction, undefined, (store, key) => this.#stateOf(store, key));
    this.#state.apply(changes.map(withoutValue), version);
  }
}

type Placed = { parsed: ParsedTransaction; transactionIndex: number };

/** Values are with whoever replays them; here only versions and policies matter. */
function withoutValue(change: StateChange): StateChange {
  return { ...change, value: change.value === undefined ? undefined : NO_VALUE };
}

const NO_VALUE = new Uint8Array();

function demandSameCode(codes: { found: ValidationCode | undefined; code: ValidationCode }, where: string): void {
  const found = codes.found ?? VALIDATION_CODE.NOT_VALIDATED;
  // Which of several faults a peer names first is its own affair; what counts is whether it took effect.
  if ((found === VALIDATION_CODE.VALID) === (codes.code === VALIDATION_CODE.VALID)) return;
  const words = `${validationCodeName(codes.code)}, not ${validationCodeName(found)}`;
  throw new BlockNotProvenError("VALIDATION_CODE_DIFFERS", `${where} is ${words}`);
}
