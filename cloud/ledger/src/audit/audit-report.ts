/** One place where the ledger says something else than follows from what was recorded before. */
export type AuditFinding = {
  /** Null for what is about the whole ledger. */
  blockNumber: number | null;
  transactionId: string | null;
  /** Transaction or total, such as `sc2:SettleDRBatch`. */
  name: string;
  /** What differs: a state key, or the rule that is broken. */
  about: string;
  expected: string;
  found: string;
};

/** Every micro that ever moved, by kind, and where all of them are now. */
export type AuditMoney = {
  mintedMicro: bigint;
  /** Given up by holders, to be paid out in what it stands for. */
  burnedMicro: bigint;
  /** On accounts, credits not yet consolidated included. */
  onAccountsMicro: bigint;
  /** In contracts that are still open. */
  heldMicro: bigint;
  /** Locked in contracts so far: escrows and deposits. */
  lockedMicro: bigint;
  paidMicro: bigint;
  penaltyMicro: bigint;
  returnedMicro: bigint;
};

/** `sc2Settled` counts settlements by evidence and those of offers that expired alike. */
export type AuditCounts = {
  blocks: number;
  transactions: number;
  anchors: number;
  sc1Settled: number;
  sc1Completed: number;
  sc2Settled: number;
  accounts: number;
};

/** What blocks alone say; receipts and outboxes are compared beside it (`WholeAudit`). */
export type AuditReport = {
  ok: boolean;
  headHashHex: string;
  counts: AuditCounts;
  money: AuditMoney;
  /** The first ones; `findingsTotal` counts all. */
  findings: AuditFinding[];
  findingsTotal: number;
};

/** Findings kept and shown: whoever has more has one cause for most of them, and a memory to protect. */
export const FINDINGS_MAX = 1_000;

/** Texts in a finding may be whole documents; this much of them tells where they differ. */
const TEXT_CHARS_MAX = 2_000;

/** Collects findings within their bound. */
export class FindingLog {
  readonly findings: AuditFinding[] = [];
  #total = 0;

  total(): number {
    return this.#total;
  }

  add(finding: AuditFinding): void {
    this.#total += 1;
    if (this.findings.length === FINDINGS_MAX) return;
    const { expected, found } = finding;
    this.findings.push({ ...finding, expected: shorten(expected), found: shorten(found) });
  }
}

function shorten(text: string): string {
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX)}...`;
}
