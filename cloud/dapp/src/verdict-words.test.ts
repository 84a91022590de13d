import type { AuditVerdict } from "@gridpact/ledger/receipts";
import { describe, expect, it } from "vitest";
import { verdictView } from "./verdict-words.ts";

const counts = { blocks: 9, transactions: 8, anchors: 1, sc1Settled: 1, sc1Completed: 1, sc2Settled: 2, accounts: 3 };
const money = {
  mintedMicro: 0n,
  burnedMicro: 0n,
  onAccountsMicro: 0n,
  heldMicro: 0n,
  lockedMicro: 0n,
  paidMicro: 2_500_000n,
  penaltyMicro: 0n,
  returnedMicro: 0n,
};

const clean: AuditVerdict = {
  kind: "gridpact-audit",
  version: 1,
  ok: true,
  ledger: { ok: true, headHashHex: "cd".repeat(32), counts, money, findings: [], findingsTotal: 0 },
  outboxes: {
    ok: true,
    outboxes: 2,
    matched: 7,
    refused: 0,
    pendingTotal: 0,
    moneyMatched: 0,
    moneyForgotten: 0,
    moneyNotCompared: 0,
    discrepancies: [],
    discrepanciesTotal: 0,
    pending: [],
  },
  receipts: { verified: 3, paidMicro: 0n, failed: [] },
  ledgerKind: "embedded",
  channelName: "gridpact",
  trustHashHex: "00".repeat(32),
  madeAtUnixMs: Date.UTC(2016, 1, 1),
};

const signed = (verdict: AuditVerdict) => ({ ok: true as const, auditor: "auditor", mspId: "AuditorMSP", verdict });

describe("an auditor's verdict", () => {
  it("that finds nothing says so, and what it looked at", () => {
    const view = verdictView(signed(clean));
    expect(view).toMatchObject({ ok: true, lines: [], unlisted: 0 });
    expect(view.headline).toBe("PASS: nothing is other than it should be. Signed by auditor of AuditorMSP.");
    expect(view.facts).toContainEqual(["Paid", "€ 2.50"]);
    expect(view.facts).toContainEqual(["Receipts that hold", "3 of 3"]);
  });

  it("lists every discrepancy of ledger, outboxes and receipts, and counts what it does not list", () => {
    const finding = { blockNumber: 4, transactionId: "ab".repeat(32), name: "sc2:SettleDRBatch", about: "sc2/x" };
    const view = verdictView(
      signed({
        ...clean,
        ok: false,
        ledger: { ...clean.ledger, findings: [{ ...finding, expected: "1", found: "2" }], findingsTotal: 5 },
        outboxes: {
          ...clean.outboxes,
          discrepancies: [
            { party: "vn-district", key: "pay", transactionId: "ef", expected: "valid", found: "nothing" },
          ],
          discrepanciesTotal: 1,
        },
        receipts: { verified: 2, paidMicro: 0n, failed: [{ path: "a.json.gz", step: "blocks", detail: "forged" }] },
      }),
    );
    expect(view.headline).toContain("FAIL: 7 discrepancies.");
    expect(view.lines).toEqual([
      { where: "block 4, abababababab", about: "sc2:SettleDRBatch: sc2/x", expected: "1", found: "2" },
      { where: "outbox of vn-district", about: "pay", expected: "valid", found: "nothing" },
      { where: "receipt a.json.gz", about: "step blocks", expected: "a receipt that holds", found: "forged" },
    ]);
    expect(view.unlisted).toBe(4);
  });

  it.each(["FORM", "SIGNER", "NOT_AN_AUDITOR", "OTHER_TRUST"] as const)(
    "is not believed for %s, in words",
    (reason) => {
      const view = verdictView({ ok: false, reason, detail: "why" });
      expect(view.ok).toBe(false);
      expect(view.headline).toMatch(new RegExp(`^Not to be believed \\(${reason}\\): \\w.{20,}`));
    },
  );
});
