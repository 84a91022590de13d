import { collections } from "@gridpact/contracts";
import { Membership } from "../identity/index.ts";
import {
  type Block,
  BlockChecker,
  type BlockFault,
  blockHeaderHash,
  type Collection,
  type Consortium,
  checkTransaction,
  deployedPolicies,
  type EndorsementPolicies,
  isEndorsedEnough,
  type ParsedTransaction,
  parseTransaction,
  VALIDATION_CODE,
  validationCodeName,
  verifiedEndorsers,
} from "../protocol/index.ts";

/** Why a block does not prove what it is shown for. */
export type BlockNotProvenCode =
  | BlockFault
  | "BLOCK_NOT_CHAINED"
  | "TRANSACTION_FORGED"
  | "TRANSACTION_NOT_ENDORSED"
  | "VALIDATION_CODE_DIFFERS"
  | "DEFINITION_NOT_CHAINED";

/** The block does not prove what it was shown for; `code` says at which step. */
export class BlockNotProvenError extends Error {
  readonly code: BlockNotProvenCode;

  constructor(code: BlockNotProvenCode, message: string) {
    super(message);
    this.name = "BlockNotProvenError";
    this.code = code;
  }
}

/** One valid transaction of a proven block. */
export type ProvenTransaction = {
  transactionId: string;
  /** Contract and transaction, such as `sc2:SettleDR`. */
  name: string;
  /** Argument and result, JSON text. */
  argument: string;
  result: string;
  creatorMspId: string;
  /** Common name of the creator's certificate: of a device, its id. */
  creatorName: string;
  /** What the certificate says of its owner: role and id. */
  creatorAttributes: Readonly<Record<string, string>>;
  creatorCertificatePem: string;
  /** When the creator says it made the proposal. */
  claimedAtUnixMs: number;
  /** Keys and values that the transaction wrote, values as text; undefined for a deletion. */
  writes: ReadonlyMap<string, string | undefined>;
};

/** A block of which nothing has to be believed but the consortium's certificates; hashes are SHA-256. */
export type ProvenBlock = {
  number: number;
  hashHex: string;
  previousHashHex: string;
  /** Valid transactions by id. */
  transactions: ReadonlyMap<string, ProvenTransaction>;
};

/**
 * Verifies blocks by themselves against a consortium that the caller trusts: signatures of orderers and peers, data
 * hash, and of each valid transaction the creator's and the endorsers' signatures. No ledger and no network.
 */
export class BlockVerifier {
  readonly #consortium: Consortium;
  readonly #checker: BlockChecker;
  readonly #membership: Membership;
  readonly #policies: EndorsementPolicies;

  /** @param ofChaincode - Its private data collections, whose members endorse what is written to them alone */
  constructor(consortium: Consortium, ofChaincode: readonly Collection[] = collections) {
    this.#consortium = consortium;
    this.#checker = new BlockChecker(consortium);
    this.#membership = new Membership(consortium.organisations);
    this.#policies = deployedPolicies(consortium, ofChaincode);
  }

  /** @throws BlockNotProvenError */
  verify(bytes: Uint8Array): ProvenBlock {
    const verdict = this.#checker.check(bytes);
    if (!verdict.ok) throw new BlockNotProvenError(verdict.fault, `the block does not hold: ${verdict.fault}`);
    const { block } = verdict;
    return {
      number: block.header.number,
      hashHex: Buffer.from(blockHeaderHash(block.header)).toString("hex"),
      previousHashHex: Buffer.from(block.header.previousHash).toString("hex"),
      transactions: this.#validTransactions(block),
    };
  }

  #validTransactions(block: Block): Map<string, ProvenTransaction> {
    // Block 0 holds the configuration, which is no transaction of a contract.
    const isValid = (_: Uint8Array, index: number) => block.validationCodes[index] === VALIDATION_CODE.VALID;
    const envelopes = block.header.number === 0 ? [] : block.data.filter(isValid);
    const proven = envelopes.map((envelope) => this.#provenTransaction(envelope));
    return new Map(proven.map((transaction) => [transaction.transactionId, transaction]));
  }

  #provenTransaction(envelope: Uint8Array): ProvenTransaction {
    const transaction = parseTransaction(envelope);
    const { header } = transaction;
    const rules = { channelName: this.#consortium.channelName, membership: this.#membership };
    const code = checkTransaction(transaction, rules);
    if (code !== VALIDATION_CODE.VALID) {
      throw new BlockNotProvenError("TRANSACTION_FORGED", `${header.transactionId}: ${validationCodeName(code)}`);
    }
    const signers = verifiedEndorsers(transaction, rules);
    if (!isEndorsedEnough(transaction, this.#policies, signers)) {
      const mspIds = [...new Set(signers.map(({ mspId }) => mspId))].join(", ");
      throw new BlockNotProvenError("TRANSACTION_NOT_ENDORSED", `${header.transactionId}: endorsed by ${mspIds} alone`);
    }
    return provenTransactionOf(transaction, this.#membership);
  }
}

/** What a transaction says once it is known to be genuine and valid, which MUST have been checked before. */
export function provenTransactionOf(
  { header, args, response, readWriteSets }: ParsedTransaction,
  membership: Membership,
): ProvenTransaction {
  const verdict = membership.identify(header.creator, header.atUnixMs);
  const creator = verdict.ok ? verdict.member : NOBODY;
  const writes = readWriteSets.flatMap((set) => set.writes);
  return {
    transactionId: header.transactionId,
    name: textOf(args[0]),
    argument: textOf(args[1]),
    result: textOf(response.payload),
    creatorMspId: creator.mspId,
    creatorName: creator.commonName,
    creatorAttributes: creator.attributes,
    creatorCertificatePem: creator.certificatePem,
    claimedAtUnixMs: header.atUnixMs,
    writes: new Map(writes.map(({ key, value, isDelete }) => [key, isDelete ? undefined : textOf(value)])),
  };
}

/**
 * Verifies that blocks follow each other, first to last.
 * @throws BlockNotProvenError BLOCK_NOT_CHAINED
 */
export function verifyChain(blocks: readonly ProvenBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    if (before === undefined) continue;
    if (block.number !== before.number + 1 || block.previousHashHex !== before.hashHex) {
      throw new BlockNotProvenError("BLOCK_NOT_CHAINED", `block ${block.number} does not follow ${before.number}`);
    }
  }
}

const NOBODY = { mspId: "", commonName: "", attributes: {}, certificatePem: "" };

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("utf8");
}
