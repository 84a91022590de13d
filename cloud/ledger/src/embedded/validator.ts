import {
  checkTransaction,
  type EndorsementPolicies,
  isEndorsedEnough,
  type NamespaceReadWriteSet,
  type ParsedTransaction,
  type TransactionRules,
  VALIDATION_CODE,
  type ValidationCode,
  type Version,
  verifiedEndorsers,
} from "../protocol/index.ts";
import { hashedStore, publicStore, type StateValue } from "./world-state.ts";

/** Name under which fabric-shim keeps a key's own endorsement policy among the key's settings. */
export const KEY_POLICY = "VALIDATION_PARAMETER";

/** The state before the block; what its earlier transactions wrote the validator keeps by itself. */
export type ValidationView = {
  rules: TransactionRules;
  chaincodePolicy: Uint8Array;
  policyOfCollection: EndorsementPolicies["policyOfCollection"];
  stateOf: (store: string, key: string) => StateValue | undefined;
  isKnownTransaction: (transactionId: string) => boolean;
};

/**
 * Validates the transactions of one block in their order: each must be genuine and endorsed, must have an id of its
 * own, and must have read what is still current when those before it in the block are applied.
 */
export class BlockValidator {
  readonly #view: ValidationView;
  readonly #transactionIds = new Set<string>();
  readonly #written = new Set<string>();
  readonly #policiesChanged = new Set<string>();

  constructor(view: ValidationView) {
    this.#view = view;
  }

  /** Code of the next transaction of the block; a valid one counts as applied from here on. */
  validate(transaction: ParsedTransaction): ValidationCode {
    const { transactionId } = transaction.header;
    const code = this.#check(transaction);
    this.#transactionIds.add(transactionId);
    if (code === VALIDATION_CODE.VALID) for (const set of transaction.readWriteSets) this.#noteWrites(set);
    return code;
  }

  #check(transaction: ParsedTransaction): ValidationCode {
    const { rules, isKnownTransaction } = this.#view;
    const code = checkTransaction(transaction, rules);
    if (code !== VALIDATION_CODE.VALID) return code;
    const { transactionId } = transaction.header;
    if (this.#transactionIds.has(transactionId) || isKnownTransaction(transactionId)) {
      return VALIDATION_CODE.DUPLICATE_TXID;
    }
    if (!this.#isEndorsed(transaction)) return VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE;
    // Last, as it depends on the neighbours: for everything before it the verdict is the same in any block.
    const isCurrent = transaction.readWriteSets.every((set) => this.#isCurrent(set));
    return isCurrent ? VALIDATION_CODE.VALID : VALIDATION_CODE.MVCC_READ_CONFLICT;
  }

  #isEndorsed(transaction: ParsedTransaction): boolean {
    const { rules, chaincodePolicy, policyOfCollection, stateOf } = this.#view;
    const touchesChangedPolicy = transaction.readWriteSets.some((set) =>
      [...set.writes, ...set.metadataWrites].some(({ key }) =>
        this.#policiesChanged.has(place(publicStore(set.namespace), key)),
      ),
    );
    // The policy that a write in this very block has set cannot have been known to the endorsers.
    if (touchesChangedPolicy) return false;
    const policyOfKey = (namespace: string, key: string) =>
      stateOf(publicStore(namespace), key)?.metadata.get(KEY_POLICY);
    const policies = { chaincodePolicy, policyOfKey, policyOfCollection };
    return isEndorsedEnough(transaction, policies, verifiedEndorsers(transaction, rules));
  }

  #isCurrent(set: NamespaceReadWriteSet): boolean {
    const isCurrent = (store: string, key: string, version: Version | undefined) =>
      !this.#written.has(place(store, key)) && isSameVersion(this.#view.stateOf(store, key)?.version, version);
    return (
      set.reads.every(({ key, version }) => isCurrent(publicStore(set.namespace), key, version)) &&
      set.collections.every(({ collection, reads }) =>
        reads.every(({ keyHash, version }) => isCurrent(hashedStore(set.namespace, collection), hex(keyHash), version)),
      )
    );
  }

  #noteWrites(set: NamespaceReadWriteSet): void {
    const store = publicStore(set.namespace);
    for (const { key } of set.writes) this.#written.add(place(store, key));
    for (const { key } of set.metadataWrites) {
      this.#written.add(place(store, key));
      this.#policiesChanged.add(place(store, key));
    }
    for (const { collection, writes } of set.collections) {
      for (const { keyHash } of writes) this.#written.add(place(hashedStore(set.namespace, collection), hex(keyHash)));
    }
  }
}

/** Unambiguous, as store names are of our making and have no line end. */
function place(store: string, key: string): string {
  return `${store}\n${key}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function isSameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.blockNumber === right?.blockNumber && left?.transactionIndex === right?.transactionIndex;
}
