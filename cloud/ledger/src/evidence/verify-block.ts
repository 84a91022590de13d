import { isSignedBy, Membership, type Organisation } from "../identity/membership.ts";
import {
  type Block,
  blockDataHash,
  blockHeaderHash,
  committedBytes,
  decodeBlock,
  orderedBytes,
  parseTransaction,
  type SignedMetadata,
  signatureHeaderCreator,
} from "../protocol/index.ts";
import { MalformedMessageError } from "../wire/index.ts";

/** Why a block does not prove anything. */
export type BlockFault =
  | "BLOCK_MALFORMED"
  | "BLOCK_NOT_CHAINED"
  | "BLOCK_DATA_CHANGED"
  | "BLOCK_NOT_SIGNED_BY_ORDERERS"
  | "BLOCK_NOT_SIGNED_BY_PEERS"
  | "TRANSACTION_NOT_IN_BLOCK"
  | "TRANSACTION_INVALID"
  | "TRANSACTION_NOT_SIGNED";

/** The block does not prove what it was shown for; `code` says at which step. */
export class BlockNotProvenError extends Error {
  readonly code: BlockFault;

  constructor(code: BlockFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "BlockNotProvenError";
    this.code = code;
  }
}

/** Who has to have signed: the consortium as the verifier knows it, not as the one who shows the block says. */
export type BlockTrust = {
  organisations: readonly Organisation[];
  /** Orderers of different certificates whose signatures a block needs; more than two thirds of them under BFT. */
  ordererSignaturesMin: number;
};

/** One transaction of a proven block. */
export type ProvenTransaction = {
  transactionId: string;
  /** Contract and transaction, such as `sc2:SettleDR`. */
  name: string;
  argument: string;
  result: string;
  /** Keys and values that the transaction wrote, values as text; undefined for a deletion. */
  writes: ReadonlyMap<string, string | undefined>;
};

export type ProvenBlock = {
  number: number;
  hashHex: string;
  previousHashHex: string;
  /** Valid transactions by id. */
  transactions: ReadonlyMap<string, ProvenTransaction>;
};

/** Kinds of node in the organisational unit of a certificate. [Fabric NodeOUs] */
const ORDERER_UNIT = "orderer";
const PEER_UNIT = "peer";

/** Validation code of a valid transaction; see peer.TxValidationCode. */
const VALID = 0;

/**
 * Verifies one block by itself: data under the header, header under the orderers' signatures, validation codes under a
 * peer's. Needs no ledger and no network.
 * @throws BlockNotProvenError
 */
export function verifyBlock(bytes: Uint8Array, trust: BlockTrust): ProvenBlock {
  const block = decodeOrRefuse(bytes);
  if (!Buffer.from(block.header.dataHash).equals(blockDataHash(block.data))) {
    throw new BlockNotProvenError("BLOCK_DATA_CHANGED", `block ${block.header.number}: the data hash does not fit`);
  }
  const membership = new Membership(trust.organisations);
  checkOrderers(block, membership, trust);
  checkPeers(block, membership);
  return {
    number: block.header.number,
    hashHex: Buffer.from(blockHeaderHash(block.header)).toString("hex"),
    previousHashHex: Buffer.from(block.header.previousHash).toString("hex"),
    transactions: validTransactions(block, membership),
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

function decodeOrRefuse(bytes: Uint8Array): Block {
  try {
    return decodeBlock(bytes);
  } catch (cause) {
    if (!(cause instanceof MalformedMessageError)) throw cause;
    throw new BlockNotProvenError("BLOCK_MALFORMED", "the bytes are not a block", cause);
  }
}

function checkOrderers(block: Block, membership: Membership, trust: BlockTrust): void {
  const { header } = block;
  const signers = signersOf(block.ordered, membership, ORDERER_UNIT, (value, signatureHeader) =>
    orderedBytes(value, signatureHeader, header),
  );
  if (signers.size < trust.ordererSignaturesMin) {
    const counts = `${signers.size} of ${trust.ordererSignaturesMin}`;
    throw new BlockNotProvenError("BLOCK_NOT_SIGNED_BY_ORDERERS", `block ${header.number}: ${counts} orderers signed`);
  }
}

function checkPeers(block: Block, membership: Membership): void {
  const signers = signersOf(block.committed, membership, PEER_UNIT, (value, signatureHeader) =>
    committedBytes(value, signatureHeader, block),
  );
  if (signers.size > 0) return;
  throw new BlockNotProvenError(
    "BLOCK_NOT_SIGNED_BY_PEERS",
    `block ${block.header.number}: no peer signed its outcome`,
  );
}

/** Certificates of nodes of the wanted kind whose signature verifies; one certificate counts once. */
function signersOf(
  signed: SignedMetadata,
  membership: Membership,
  unit: string,
  signedBytes: (value: Uint8Array, signatureHeader: Uint8Array) => Uint8Array,
): Set<string> {
  const signers = new Set<string>();
  for (const { signatureHeader, signature } of signed.signatures) {
    const verdict = membership.identifyAnytime(signatureHeaderCreator(signatureHeader));
    if (!verdict.ok || verdict.member.organisationalUnit !== unit) continue;
    const { publicKey, certificatePem } = verdict.member;
    if (isSignedBy(publicKey, signedBytes(signed.value, signatureHeader), signature)) signers.add(certificatePem);
  }
  return signers;
}

function validTransactions(block: Block, membership: Membership): Map<string, ProvenTransaction> {
  const valid = block.data.filter((_, index) => block.validationCodes[index] === VALID);
  return new Map(
    valid.map((envelope) => {
      const transaction = provenTransaction(envelope, membership);
      return [transaction.transactionId, transaction];
    }),
  );
}

function provenTransaction(envelope: Uint8Array, membership: Membership): ProvenTransaction {
  const parsed = parseTransaction(envelope);
  const { transactionId, creator } = parsed.header;
  const verdict = membership.identifyAnytime(creator);
  if (!verdict.ok || !isSignedBy(verdict.member.publicKey, parsed.payloadBytes, parsed.signature)) {
    throw new BlockNotProvenError("TRANSACTION_NOT_SIGNED", `transaction ${transactionId} is not signed by a member`);
  }
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");
  const writes = parsed.readWriteSets.flatMap((set) => set.writes);
  return {
    transactionId,
    name: text(parsed.args[0]),
    argument: text(parsed.args[1]),
    result: text(parsed.response.payload),
    writes: new Map(writes.map(({ key, value, isDelete }) => [key, isDelete ? undefined : text(value)])),
  };
}
