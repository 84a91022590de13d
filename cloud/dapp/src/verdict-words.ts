/** A signed verdict of an audit, told in words. */
import type { OpenedVerdict, VerdictFault } from "@gridpact/ledger/receipts";
import { dateTimeOf, moneyText } from "@gridpact/page/amounts.js";

/** One thing that the auditor found to be other than it should be. */
export type AuditLine = { where: string; about: string; expected: string; found: string };

/** `unlisted`: discrepancies that were counted and not written down (see `FINDINGS_MAX`). */
export type VerdictView = {
  ok: boolean;
  headline: string;
  facts: [string, string][];
  lines: AuditLine[];
  unlisted: number;
};

const FAULTS: Readonly<Record<VerdictFault, string>> = {
  FORM: "This is no signed verdict of an audit, or it was changed after it was written.",
  SIGNER: "The signature is not that of a member of the consortium that you trust.",
  NOT_AN_AUDITOR: "It is signed by a member of the consortium who is no auditor.",
  OTHER_TRUST: "The auditor believed another consortium than you do, so the verdict says nothing about yours.",
};

/** In a verdict's text energy and money are decimal text, as in all JSON of the ledger. */
export function verdictView(opened: OpenedVerdict): VerdictView {
  if (!opened.ok) {
    const headline = `Not to be believed (${opened.reason}): ${FAULTS[opened.reason]}`;
    return { ok: false, headline, facts: [["Detail", opened.detail]], lines: [], unlisted: 0 };
  }
  const { auditor, mspId, verdict } = opened;
  const { ledger, outboxes, receipts } = verdict;
  const lines = linesOf(opened.verdict);
  const total = ledger.findingsTotal + outboxes.discrepanciesTotal + receipts.failed.length;
  const result = verdict.ok ? "PASS: nothing is other than it should be." : `FAIL: ${total} discrepancies.`;
  return {
    ok: verdict.ok,
    headline: `${result} Signed by ${auditor} of ${mspId}.`,
    facts: [
      ["Made", `${dateTimeOf(verdict.madeAtUnixMs)} UTC`],
      ["Ledger", `${verdict.channelName}, ${verdict.ledgerKind}, ${ledger.counts.blocks} blocks`],
      ["Newest block", ledger.headHashHex],
      ["Transactions computed again", String(ledger.counts.transactions)],
      ["Contracts settled", `${ledger.counts.sc2Settled} with devices, ${ledger.counts.sc1Settled} with nodes`],
      ["Paid", moneyText(ledger.money.paidMicro)],
      ["Penalties", moneyText(ledger.money.penaltyMicro)],
      ["Receipts that hold", `${receipts.verified} of ${receipts.verified + receipts.failed.length}`],
      ["Outboxes compared", `${outboxes.outboxes}, ${outboxes.matched} acts found as they were sent`],
    ],
    lines,
    unlisted: total - lines.length,
  };
}

type Verdict = Extract<OpenedVerdict, { ok: true }>["verdict"];

function linesOf({ ledger, outboxes, receipts }: Verdict): AuditLine[] {
  return [
    ...ledger.findings.map(({ blockNumber, transactionId, name, about, expected, found }) => ({
      where: blockNumber === null ? "whole ledger" : `block ${blockNumber}, ${(transactionId ?? "").slice(0, 12)}`,
      about: `${name}: ${about}`,
      expected,
      found,
    })),
    ...outboxes.discrepancies.map(({ party, key, transactionId, expected, found }) => ({
      where: `outbox of ${party}`,
      about: key ?? transactionId,
      expected,
      found,
    })),
    ...receipts.failed.map(({ path, step, detail }) => ({
      where: `receipt ${path}`,
      about: `step ${step}`,
      expected: "a receipt that holds",
      found: detail,
    })),
  ];
}
