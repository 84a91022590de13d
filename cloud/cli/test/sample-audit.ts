/** An audit of three blocks as it comes to its end, for tests of what becomes of one. */
import type { AuditFinding } from "@gridpact/ledger";
import type { WholeAudit } from "@gridpact/ledger/receipts";

export function sampleAudit(findings: readonly AuditFinding[] = []): WholeAudit {
  const ok = findings.length === 0;
  return {
    ok,
    ledger: {
      ok,
      headHashHex: "ab".repeat(32),
      counts: { blocks: 3, transactions: 2, anchors: 0, sc1Settled: 0, sc1Completed: 0, sc2Settled: 0, accounts: 1 },
      money: {
        mintedMicro: 5n,
        burnedMicro: 0n,
        onAccountsMicro: 5n,
        heldMicro: 0n,
        lockedMicro: 0n,
        paidMicro: 0n,
        penaltyMicro: 0n,
        returnedMicro: 0n,
      },
      findings: [...findings],
      findingsTotal: findings.length,
    },
    outboxes: {
      ok: true,
      outboxes: 0,
      matched: 0,
      refused: 0,
      pendingTotal: 0,
      moneyMatched: 0,
      moneyForgotten: 0,
      moneyNotCompared: 0,
      discrepancies: [],
      discrepanciesTotal: 0,
      pending: [],
    },
    receipts: { verified: 0, paidMicro: 0n, failed: [] },
  };
}
