import { common, peer } from "@hyperledger/fabric-protos";
import { isSignedBy, type Membership } from "../identity/index.ts";
import { MalformedMessageError } from "../wire/index.ts";
import { isPolicySatisfied, type Signer } from "./policy.ts";
import { transactionIdOf } from "./proposal.ts";
import type { NamespaceReadWriteSet } from "./read-write-set.ts";
import type { ParsedTransaction } from "./transaction.ts";

/** Fabric's transaction validation codes. */
export const { TxValidationCode: VALIDATION_CODE } = peer;

/** `peer.TxValidationCode`; 0 is valid. One byte in a block. */
export type ValidationCode = number;

/** Name of a validation code, such as `MVCC_READ_CONFLICT`. */
export function validationCodeName(code: ValidationCode): string {
  const entry = Object.entries(VALIDATION_CODE).find(([, value]) => value === code);
  return entry?.[0] ?? `UNKNOWN_${code}`;
}

/** All that a transaction is checked against by itself, without any state. */
export type TransactionRules = {
  channelName: string;
  membership: Membership;
};

/**
 * The checks of a transaction that need nothing but itself and the consortium: header, id, creator's signature, and
 * that what was endorsed is what was proposed. Certificates must have been valid at the transaction's own time, so
 * that the verdict is the same in every year.
 */
export function checkTransaction(transaction: ParsedTransaction, rules: TransactionRules): ValidationCode {
  const { header } = transaction;
  if (header.type !== common.HeaderType.ENDORSER_TRANSACTION) return VALIDATION_CODE.UNKNOWN_TX_TYPE;
  if (header.channelName !== rules.channelName) return VALIDATION_CODE.TARGET_CHAIN_NOT_FOUND;
  if (header.transactionId !== transactionIdOf(header.nonce, header.creator)) return VALIDATION_CODE.BAD_PROPOSAL_TXID;
  if (!isCreatorsSignature(transaction, rules)) return VALIDATION_CODE.BAD_CREATOR_SIGNATURE;
  if (!Buffer.from(transaction.proposalHash).equals(transaction.endorsedProposalHash)) {
    return VALIDATION_CODE.INVALID_ENDORSER_TRANSACTION;
  }
  if (transaction.invokedChaincodeName !== header.chaincodeName) return VALIDATION_CODE.INVALID_CHAINCODE;
  if (transaction.response.status >= CHAINCODE_ERROR_STATUS) return VALIDATION_CODE.BAD_RESPONSE_PAYLOAD;
  // Fabric itself has every transaction read the chaincode's definition, in a namespace of its own.
  const isForeign = (set: NamespaceReadWriteSet) => set.namespace !== header.chaincodeName && hasWrites(set);
  return transaction.readWriteSets.some(isForeign) ? VALIDATION_CODE.ILLEGAL_WRITESET : VALIDATION_CODE.VALID;
}

function hasWrites({ writes, metadataWrites, collections }: NamespaceReadWriteSet): boolean {
  return writes.length > 0 || metadataWrites.length > 0 || collections.some((each) => each.writes.length > 0);
}

/** From this status on a contract's answer is a refusal. */
export const CHAINCODE_ERROR_STATUS = 400;

/** The peers whose endorsements are genuine, each organisation's certificates once. */
export function verifiedEndorsers(transaction: ParsedTransaction, rules: TransactionRules): Signer[] {
  const signers = new Map<string, Signer>();
  for (const { endorser, signature } of transaction.endorsements) {
    const verdict = rules.membership.identify(endorser, transaction.header.atUnixMs);
    if (!verdict.ok) continue;
    const signed = Buffer.concat([transaction.responsePayloadBytes, endorser]);
    if (!isSignedBy(verdict.member.publicKey, signed, signature)) continue;
    signers.set(verdict.member.certificatePem, verdict.member);
  }
  return [...signers.values()];
}

/** Who has to endorse what, beside the chaincode's own policy; undefined where that one holds. */
export type EndorsementPolicies = {
  chaincodePolicy: Uint8Array;
  policyOfKey: (namespace: string, key: string) => Uint8Array | undefined;
  policyOfCollection: (namespace: string, collection: string) => Uint8Array | undefined;
};

/**
 * Whether the endorsers satisfy the policies: for a key with a policy of its own that one, for what is written to a
 * collection with one the collection's, for all else, a transaction that writes nothing included, the chaincode's.
 * [fabric core/common/validation/statebased]
 */
export function isEndorsedEnough(
  transaction: ParsedTransaction,
  policies: EndorsementPolicies,
  signers: readonly Signer[],
): boolean {
  const needed = transaction.readWriteSets.flatMap((set) => [
    ...[...set.writes, ...set.metadataWrites].map(({ key }) => policies.policyOfKey(set.namespace, key)),
    ...set.collections
      .filter(({ writes }) => writes.length > 0)
      .map(({ collection }) => policies.policyOfCollection(set.namespace, collection)),
  ]);
  const distinct = new Set(needed.map((policy) => policy ?? policies.chaincodePolicy));
  if (distinct.size === 0) distinct.add(policies.chaincodePolicy);
  return [...distinct].every((policy) => isReadableAndSatisfied(policy, signers));
}

/** A policy that cannot be read can be satisfied by nobody. */
function isReadableAndSatisfied(policy: Uint8Array, signers: readonly Signer[]): boolean {
  try {
    return isPolicySatisfied(policy, signers);
  } catch (error) {
    if (error instanceof MalformedMessageError) return false;
    throw error;
  }
}

function isCreatorsSignature({ header, payloadBytes, signature }: ParsedTransaction, rules: TransactionRules): boolean {
  const verdict = rules.membership.identify(header.creator, header.atUnixMs);
  return verdict.ok && isSignedBy(verdict.member.publicKey, payloadBytes, signature);
}
