/**
 * Every stable code that a transaction can be refused with. The text after it is for people and may change; clients,
 * metrics and tests match the code.
 */
export const CONTRACT_ERROR_CODES = [
  "ACCESS_IDENTITY_INVALID",
  "ACCESS_DENIED",
  "ACCESS_NOT_OWNER",
  "ARGUMENT_INVALID",
  "RESULT_INVALID",
  "PRIVATE_INPUT_MISSING",
  "TERMS_INVALID",
  "REGISTRY_VN_EXISTS",
  "REGISTRY_VN_UNKNOWN",
  "REGISTRY_DEVICE_EXISTS",
  "REGISTRY_DEVICE_UNKNOWN",
  "REGISTRY_DEVICE_REVOKED",
  "REGISTRY_DEVICE_RELEASED",
  "REGISTRY_RELEASE_REFUSED",
  "REGISTRY_RELEASE_UNPROVEN",
  "REGISTRY_REQUEST_MISMATCH",
  "REGISTRY_KEY_REFUSED",
  "REGISTRY_KEY_IN_USE",
  "REGISTRY_POSSESSION_UNPROVEN",
  "REGISTRY_ROTATION_UNPROVEN",
  "ANCHOR_OUT_OF_SEQUENCE",
  "ANCHOR_PREV_ROOT_MISMATCH",
  "ANCHOR_UNKNOWN",
  "TIME_IN_FUTURE",
  "PROGRAMME_EXISTS",
  "PROGRAMME_UNKNOWN",
  "PROGRAMME_ENROLLED",
  "PROGRAMME_NOT_ENROLLED",
  "PROGRAMME_EXPIRED",
  "PROGRAMME_NOTICE_TOO_SHORT",
  "PROGRAMME_UNAVAILABLE",
  "PROGRAMME_OVER_CAPACITY",
  "PROGRAMME_TERMS_EXCEEDED",
  "PROGRAMME_DAILY_LIMIT",
  "SUPPLY_UNKNOWN",
  "SUPPLY_REVISION_TAKEN",
  "SUPPLY_FOREIGN_DEVICE",
  "SUPPLY_CONSENT_UNPROVEN",
  "PARTY_SUSPENDED",
  "CLAIM_EXISTS",
  "CLAIM_UNKNOWN",
  "CLAIM_PAID",
  "CLAIM_NOT_OVERDUE",
  "CLAIM_SUSPENDS_ALREADY",
  "CLAIM_ALREADY_BILLED",
  "CLAIM_FOREIGN_SPAN",
  "CLAIM_NOTHING_OWED",
  "INDEX_PUBLISHED",
  "INDEX_MISSING",
  "INDEX_COMPLETE",
  "HEDGE_EXISTS",
  "HEDGE_UNKNOWN",
  "HEDGE_WRONG_STATE",
  "HEDGE_LATE",
  "HEDGE_NOT_DUE",
  "DISPUTE_EXISTS",
  "DISPUTE_UNKNOWN",
  "DISPUTE_CLOSED",
  "DISPUTE_OPEN",
  "DISPUTE_EARLY",
  "DISPUTE_LATE",
  "DISPUTE_EVIDENCE_WEAKER",
  "ACCOUNT_SUPPLY_EXCEEDED",
  "ACCOUNT_INSUFFICIENT",
  "ACCOUNT_CREDIT_UNKNOWN",
  "ACCOUNT_RESERVE_EXISTS",
  "ACCOUNT_RESERVE_UNKNOWN",
  "SC1_EXISTS",
  "SC1_UNKNOWN",
  "SC1_WRONG_STATE",
  "SC1_LATE_ACCEPTANCE",
  "SC1_BASELINE_MISMATCH",
  "SC1_BASELINE_UNKNOWN",
  "SC1_SC2_UNSETTLED",
  "SC1_BASELINE_COMMITTED",
  "SC1_FALLBACK_CALLED",
  "SC1_FALLBACK_OUT_OF_TURN",
  "SC1_FALLBACK_EXCEEDED",
  "SC1_CHUNK_EXISTS",
  "SC1_CHUNK_UNKNOWN",
  "SC1_CHUNK_WRONG_STATE",
  "SC2_EXISTS",
  "SC2_UNKNOWN",
  "SC2_WRONG_STATE",
  "SC2_LATE_ACCEPTANCE",
  "SC2_TERMS_MISMATCH",
  "SC2_KEY_MISMATCH",
  "SC2_CONSENT_UNPROVEN",
  "SC2_BASELINE_HINDSIGHT",
  "SC2_INTERVALS_MISMATCH",
  "SC2_INTERVAL_SOLD",
  "SC2_FOREIGN",
  "SC2_ORDER_EXCEEDED",
  "SC2_AMENDMENT_OUT_OF_SEQUENCE",
  "SC2_AMENDMENT_LATE",
  "SC2_AMENDMENT_UNPROVEN",
  "SC2_AMENDMENT_UNBALANCED",
  "EVIDENCE_MISSING",
  "EVIDENCE_MALFORMED",
  "EVIDENCE_FOREIGN_DEVICE",
  "EVIDENCE_BAD_SIGNATURE",
  "EVIDENCE_NOT_ANCHORED",
  "EVIDENCE_WRONG_TIME",
  "EVIDENCE_EARLY_GAP",
  "EVIDENCE_CHAIN_BROKEN",
] as const;

/** What `code` of a `ContractError` may be; new ones are added, none is renamed. */
export type ContractErrorCode = (typeof CONTRACT_ERROR_CODES)[number];

/**
 * A refused transaction. Fabric carries only the message of a chaincode error to the client, so the message is
 * `CODE: text`, and `contractErrorCode` gets the code back out.
 */
export class ContractError extends Error {
  readonly code: ContractErrorCode;

  constructor(code: ContractErrorCode, text: string, options?: ErrorOptions) {
    super(`${code}: ${text}`, options);
    this.name = "ContractError";
    this.code = code;
  }
}

/** Throws a `ContractError` unless the condition holds. The text is made only when it is needed. */
export function demand(holds: boolean, code: ContractErrorCode, text: () => string): asserts holds {
  if (!holds) throw new ContractError(code, text());
}

/** The contract's code in whatever a gateway or peer wrapped around its message; undefined when there is none. */
export function contractErrorCode(message: string): ContractErrorCode | undefined {
  for (const [, word] of message.matchAll(CODE_WORD)) {
    const code = KNOWN_CODES.get(word ?? "");
    if (code !== undefined) return code;
  }
  return undefined;
}

const CODE_WORD = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /g;
const KNOWN_CODES = new Map<string, ContractErrorCode>(CONTRACT_ERROR_CODES.map((code) => [code, code]));
