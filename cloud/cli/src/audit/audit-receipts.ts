import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Consortium } from "@gridpact/ledger";
import { BlockProver, type ReceiptAudit, verifyReceiptBytes } from "@gridpact/ledger/receipts";
import { openSignatureVerifier } from "@gridpact/native";
import { isReceiptName } from "../verify/run-verify.ts";

/** Verifies every receipt in the directories; the history behind a baseline is in receipts only, not on the ledger. */
export function auditReceipts(directories: readonly string[], consortium: Consortium): ReceiptAudit {
  const prover = new BlockProver(consortium, { verifySignature: openSignatureVerifier() });
  const audit: ReceiptAudit = { verified: 0, paidMicro: 0n, failed: [] };
  for (const path of directories.flatMap(receiptPaths)) {
    const report = verifyReceiptBytes(readFileSync(path), prover);
    const { step, detail } = report.steps.at(-1) ?? { step: "form", detail: "" };
    if (!report.ok) audit.failed.push({ path, step, detail });
    else audit.verified += 1;
    audit.paidMicro += report.money?.paidMicro ?? 0n;
  }
  return audit;
}

function receiptPaths(directory: string): string[] {
  const names = readdirSync(directory).filter(isReceiptName);
  return names.sort().map((name) => join(directory, name));
}
