import { isSignedBy, Membership, parseIdentity, serializeIdentity } from "../identity/index.ts";
import { MalformedMessageError } from "../wire/index.ts";
import {
  type Block,
  type BlockSignature,
  blockDataHash,
  committedBytes,
  decodeBlock,
  encodeBlock,
  orderedBytes,
  signatureHeaderCreator,
} from "./block.ts";
import type { Consortium } from "./genesis.ts";

/** The first thing about a block that does not hold. */
export type BlockFault =
  | "BLOCK_MALFORMED"
  | "BLOCK_NOT_CANONICAL"
  | "BLOCK_DATA_HASH"
  | "BLOCK_CODES_INCOMPLETE"
  | "BLOCK_ORDERER_SIGNATURES"
  | "BLOCK_PEER_SIGNATURES";

/** A value, as whoever shows a block may be anyone. */
export type BlockVerdict = { ok: true; block: Block } | { ok: false; fault: BlockFault };

/**
 * Checks serialized blocks against the consortium alone: the bytes are the one encoding of what they say, the data is
 * what the header names, a quorum of orderers signed the header and peers of enough organisations the validation
 * codes. That a block belongs to the chain is a matter of the header chain.
 */
export class BlockChecker {
  readonly #consortium: Consortium;
  readonly #membership: Membership;

  constructor(consortium: Consortium) {
    this.#consortium = consortium;
    this.#membership = new Membership(consortium.organisations);
  }

  check(bytes: Uint8Array): BlockVerdict {
    const block = tryDecode(bytes);
    if (block === undefined) return { ok: false, fault: "BLOCK_MALFORMED" };
    const fault = this.#firstFault(bytes, block);
    return fault === undefined ? { ok: true, block } : { ok: false, fault };
  }

  #firstFault(bytes: Uint8Array, block: Block): BlockFault | undefined {
    if (!Buffer.from(encodeBlock(block)).equals(bytes)) return "BLOCK_NOT_CANONICAL";
    if (!Buffer.from(blockDataHash(block.data)).equals(block.header.dataHash)) return "BLOCK_DATA_HASH";
    if (block.validationCodes.length !== block.data.length) return "BLOCK_CODES_INCOMPLETE";
    const { orderers, endorsingOrganisationsMin } = this.#consortium;
    if (signingOrderers(block, orderers) < ordererQuorum(orderers.length)) return "BLOCK_ORDERER_SIGNATURES";
    const organisations = new Set(
      block.committed.signatures.map((entry) => committingOrganisation(block, entry, this.#membership)),
    );
    organisations.delete(undefined);
    return organisations.size < endorsingOrganisationsMin ? "BLOCK_PEER_SIGNATURES" : undefined;
  }
}

/** Orderers that must have signed: any two such sets have an honest node in common. [Fabric, SmartBFT] */
export function ordererQuorum(ordererCount: number): number {
  const faulty = Math.floor((ordererCount - 1) / 3);
  return Math.ceil((ordererCount + faulty + 1) / 2);
}

/** Undefined for bytes that are no block: whoever shows them may be anyone. */
function tryDecode(bytes: Uint8Array): Block | undefined {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (error instanceof MalformedMessageError) return undefined;
    throw error;
  }
}

/** How many of the channel's orderers signed the header. */
function signingOrderers(block: Block, orderers: Consortium["orderers"]): number {
  const known = new Set(orderers.map((orderer) => Buffer.from(serializeIdentity(orderer)).toString("latin1")));
  const signed = block.ordered.signatures.filter((entry) => {
    const creator = creatorOf(entry);
    // Each orderer counts once.
    if (creator === undefined || !known.delete(Buffer.from(creator).toString("latin1"))) return false;
    const identity = parseIdentity(creator);
    const message = orderedBytes(block.ordered.value, entry.signatureHeader, block.header);
    return identity !== undefined && isSignedBy(identity.certificate.publicKey, message, entry.signature);
  });
  return signed.length;
}

/** Organisation of the peer whose signature over the validation codes this is; undefined when it is nobody's. */
function committingOrganisation(block: Block, entry: BlockSignature, membership: Membership): string | undefined {
  const creator = creatorOf(entry);
  const identity = creator && parseIdentity(creator);
  if (creator === undefined || identity === undefined) return undefined;
  // A block has no time that a peer vouches for: what counts is that its organisation issued the certificate.
  const verdict = membership.identify(creator, identity.certificate.notBeforeUnixMs);
  if (!verdict.ok || verdict.member.organisationalUnit !== "peer") return undefined;
  const message = committedBytes(block.committed.value, entry.signatureHeader, block);
  return isSignedBy(verdict.member.publicKey, message, entry.signature) ? verdict.member.mspId : undefined;
}

function creatorOf(entry: BlockSignature): Uint8Array | undefined {
  try {
    return signatureHeaderCreator(entry.signatureHeader);
  } catch (error) {
    if (error instanceof MalformedMessageError) return undefined;
    throw error;
  }
}
