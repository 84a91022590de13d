import { existsSync, readdirSync } from "node:fs";
import { nodeDisk } from "@gridpact/host";
import { readStoredBlocks } from "@gridpact/ledger";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { trustPath } from "../consortium/consortium-files.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";
import { readTrustFile } from "../verify/trust-file.ts";
import { auditBlocks } from "./audit-blocks.ts";
import { auditReceipts } from "./audit-receipts.ts";
import { auditText } from "./print-audit.ts";

export type AuditOptions = {
  /** Directory of a run, also of one that is going on. */
  dataDirectory: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact audit`: recomputes everything that the ledger of a data directory says, and verifies every
 * receipt there. Returns the exit code: 0 when all of it holds, else 1.
 * @throws CliError when there is no data directory, no ledger in it, or no trust file
 */
export async function runAudit(
  { dataDirectory, json }: AuditOptions,
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const data = existingDataDirectory(dataDirectory);
  const ledgerRoot = data.at("ledger");
  if (!existsSync(ledgerRoot)) throw new CliError("INPUT", `${ledgerRoot}: there is no ledger to audit`);
  const consortium = readTrustFile(trustPath(data));
  const ledger = await auditBlocks(readStoredBlocks({ disk: nodeDisk(ledgerRoot) }), consortium);
  if (ledger.counts.blocks === 0 && ledger.ok) throw new CliError("INPUT", `${ledgerRoot}: the ledger has no blocks`);
  const receipts = auditReceipts(receiptDirectories(data), consortium);
  const ok = ledger.ok && receipts.failed.length === 0;
  write(json ? `${canonicalJson({ ...ledger, ok, receipts })}\n` : auditText({ ledger, receipts, ok }));
  return ok ? 0 : 1;
}

/** Each virtual node's agent keeps the receipts of its devices. */
function receiptDirectories(data: DataDirectory): string[] {
  return readdirSync(data.root)
    .filter((name) => name.startsWith("vn-"))
    .sort()
    .map((name) => data.at(name, "agent", "receipts"))
    .filter((path) => existsSync(path));
}
