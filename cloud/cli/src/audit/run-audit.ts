import { existsSync, readdirSync } from "node:fs";
import { nodeDisk } from "@gridpact/host";
import { type OutboxSnapshot, readOutbox, readStoredBlocks } from "@gridpact/ledger";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { trustPath } from "../consortium/consortium-files.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";
import { readTrustFile } from "../verify/trust-file.ts";
import { auditBlocks } from "./audit-blocks.ts";
import { auditReceipts } from "./audit-receipts.ts";
import { auditText } from "./print-audit.ts";
import { type Outboxes, Reconciler } from "./reconcile.ts";

export type AuditOptions = {
  /** Directory of a run, also of one that is going on. */
  dataDirectory: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact audit`: recomputes everything that the ledger of a data directory says, compares it with the
 * outboxes there, and verifies every receipt. Returns the exit code: 0 when all of it holds, else 1.
 * @throws CliError when there is no data directory, no ledger in it, or no trust file; JournalDamagedError when an
 *   outbox cannot be read
 */
export async function runAudit(
  { dataDirectory, json }: AuditOptions,
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const data = existingDataDirectory(dataDirectory);
  const ledgerRoot = data.at("ledger");
  if (!existsSync(ledgerRoot)) throw new CliError("INPUT", `${ledgerRoot}: there is no ledger to audit`);
  const consortium = readTrustFile(trustPath(data));
  const reconciler = new Reconciler(await readOutboxes(data));
  const blocks = readStoredBlocks({ disk: nodeDisk(ledgerRoot) });
  const ledger = await auditBlocks(blocks, consortium, (block) => reconciler.add(block));
  if (ledger.counts.blocks === 0 && ledger.ok) throw new CliError("INPUT", `${ledgerRoot}: the ledger has no blocks`);
  const receipts = auditReceipts(receiptDirectories(data), consortium);
  const outboxes = reconciler.finish(await readOutboxes(data));
  const ok = ledger.ok && outboxes.ok && receipts.failed.length === 0;
  const audit = { ledger, outboxes, receipts, ok };
  write(json ? `${canonicalJson({ ...ledger, ok, outboxes, receipts })}\n` : auditText(audit));
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

const OUTBOX_DIRECTORY = "outbox";

/** Each party keeps its outbox in its own directory. */
async function readOutboxes(data: DataDirectory): Promise<Outboxes> {
  const parties = readdirSync(data.root).filter((name) => existsSync(data.at(name, OUTBOX_DIRECTORY)));
  // From the root, so that an error about a file says whose it is.
  const disk = nodeDisk(data.root);
  const outboxes = new Map<string, OutboxSnapshot>();
  for (const party of parties.sort()) {
    outboxes.set(party, await readOutbox({ disk, directory: `${party}/${OUTBOX_DIRECTORY}` }));
  }
  return outboxes;
}
