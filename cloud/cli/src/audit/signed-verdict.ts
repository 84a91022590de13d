/** The verdict of an audit as a file that others can hold against the auditor. */
import type { Consortium, LedgerKind } from "@gridpact/ledger";
import { type AuditVerdict, trustHash, type WholeAudit } from "@gridpact/ledger/receipts";
import { auditSigningBytes } from "@gridpact/proto";
import { canonicalJson } from "@gridpact/settlement";
import type { Identity } from "../consortium/consortium.ts";

/**
 * @param consortium - Whom the auditor believed: its hash goes into the verdict, so a reader can compare it with his
 * own
 */
export function verdictOf(
  audit: WholeAudit,
  { consortium, ledgerKind, madeAtUnixMs }: { consortium: Consortium; ledgerKind: LedgerKind; madeAtUnixMs: number },
): AuditVerdict {
  const { channelName } = consortium;
  const trustHashHex = trustHash(consortium);
  return { kind: "gridpact-audit", version: 1, ...audit, ledgerKind, channelName, trustHashHex, madeAtUnixMs };
}

/** The verdict's canonical text with its auditor's certificate and signature: one line, the same for the same audit. */
export function signVerdict(verdict: AuditVerdict, { mspId, certificatePem, key }: Identity): string {
  const verdictText = canonicalJson(verdict);
  const signatureHex = Buffer.from(key.sign(auditSigningBytes(verdictText))).toString("hex");
  return `${canonicalJson({ auditor: { mspId, certificatePem }, signatureHex, verdictText })}\n`;
}
