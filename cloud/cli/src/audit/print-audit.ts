/** An audit as people read it. */
import type { AuditFinding } from "@gridpact/ledger";
import type { Discrepancy, Reconciliation, WholeAudit } from "@gridpact/ledger/receipts";

/** Findings printed; the rest is counted, and in the JSON. */
const PRINTED_MAX = 20;

/** Values in findings may be whole documents. */
const VALUE_CHARS_MAX = 400;

/** Lines for a terminal; what is cut here is whole in the JSON. */
export function auditText({ ledger, outboxes, receipts, ok }: WholeAudit): string {
  const { counts, money } = ledger;
  const settled = `${counts.sc2Settled} SC2 and ${counts.sc1Settled} SC1 settled, ${counts.sc1Completed} completed`;
  const left = `${money.onAccountsMicro} on ${counts.accounts} accounts, ${money.heldMicro} in open contracts`;
  const moved = `${money.lockedMicro} locked: ${money.paidMicro} paid, ${money.penaltyMicro} penalty`;
  const failed = receipts.failed.map(({ path, step, detail }) => `  ✗ ${path}\n      ${step}: ${cut(detail)}`);
  return [
    `blocks     ${counts.blocks}, chained and signed; head ${ledger.headHashHex}`,
    `recomputed ${counts.transactions} transactions: ${counts.anchors} anchors, ${settled}`,
    `money      ${money.mintedMicro} micro minted: ${left}`,
    `           ${moved}, ${money.returnedMicro} returned`,
    ...outboxLines(outboxes),
    `receipts   ${receipts.verified} hold, ${receipts.failed.length} do not; ${receipts.paidMicro} micro earned`,
    ...failed,
    ...ledger.findings.slice(0, PRINTED_MAX).map(findingText),
    ...(ledger.findingsTotal > PRINTED_MAX ? [`  and ${ledger.findingsTotal - PRINTED_MAX} more`] : []),
    ok ? "PASS: everything on the ledger follows from what was signed" : "FAIL: see the lines marked ✗",
    "",
  ].join("\n");
}

function outboxLines(outboxes: Reconciliation): string[] {
  const { matched, pendingTotal, pending, refused, moneyMatched, moneyForgotten, moneyNotCompared } = outboxes;
  const { discrepancies, discrepanciesTotal } = outboxes;
  const unheard = pending.filter(({ validInBlock }) => validInBlock !== null).length;
  const left = discrepanciesTotal - Math.min(discrepanciesTotal, PRINTED_MAX);
  const underWay = `${pendingTotal} under way (${unheard} of them valid)`;
  const others = `${moneyForgotten} too old, ${moneyNotCompared} of parties not here`;
  return [
    `outboxes   ${outboxes.outboxes}: ${matched} keys as on the ledger, ${underWay}, ${refused} refused`,
    `           ${moneyMatched} transactions that moved money known, ${others}`,
    ...discrepancies.slice(0, PRINTED_MAX).map(discrepancyText),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function discrepancyText({ party, key, transactionId, expected, found }: Discrepancy): string {
  const where = `outbox of ${party}: ${key ?? "no key"} ${transactionId}`;
  return `  ✗ ${where}\n      expected ${cut(expected)}\n      found    ${cut(found)}`;
}

function findingText({ blockNumber, transactionId, name, about, expected, found }: AuditFinding): string {
  const where = blockNumber === null ? name : `block ${blockNumber} ${name} ${transactionId ?? ""}`.trimEnd();
  return `  ✗ ${where}: ${about}\n      expected ${cut(expected)}\n      found    ${cut(found)}`;
}

function cut(text: string): string {
  return text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX)}...`;
}
