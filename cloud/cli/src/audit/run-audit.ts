import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { type Clock, nodeDisk, wallClock } from "@gridpact/host";
import { auditBlocks, type Consortium, type OutboxSnapshot, type ProvenBlock, readOutbox } from "@gridpact/ledger";
import type { WholeAudit } from "@gridpact/ledger/receipts";
import { openSignatureVerifier } from "@gridpact/native";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { memberOf } from "../consortium/consortium.ts";
import { readConsortium, trustPath } from "../consortium/consortium-files.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";
import { readTrustFile } from "../verify/trust-file.ts";
import { auditReceipts } from "./audit-receipts.ts";
import { type AuditedLedger, demandStoredLedger, openAuditedLedger } from "./audited-ledger.ts";
import { auditText } from "./print-audit.ts";
import { type Outboxes, Reconciler } from "./reconcile.ts";
import { signVerdict, verdictOf } from "./signed-verdict.ts";

export type AuditOptions = {
  /** Directory of a run, also of one that is going on. */
  dataDirectory: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
  /** Audits the Fabric network that this data directory's consortium runs, instead of the embedded ledger. */
  fabric?: boolean;
  /** File for the verdict, signed by the consortium's auditor. */
  outPath?: string;
};

/** What the command touches besides files; tests give their own. */
export type AuditPorts = {
  write?: (text: string) => void;
  /** Progress of long work, for people who wait. */
  tell?: (line: string) => void;
  clock?: Clock;
};

/**
 * The command `gridpact audit`: recomputes everything that the ledger of a data directory says, compares it with the
 * outboxes there, and verifies every receipt. Returns the exit code: 0 when all of it holds, else 1.
 * @throws CliError when there is no data directory, no ledger in it, no trust file, or no auditor to sign; LedgerError
 *   when a network does not answer; JournalDamagedError when an outbox cannot be read
 */
export async function runAudit(
  { dataDirectory, json, fabric = false, outPath }: AuditOptions,
  { write = (text) => process.stdout.write(text), tell = () => undefined, clock = wallClock() }: AuditPorts = {},
): Promise<number> {
  const data = existingDataDirectory(dataDirectory);
  if (!fabric) demandStoredLedger(data);
  const consortium = readTrustFile(trustPath(data));
  const auditor = outPath === undefined ? undefined : auditorOf(data);
  const audited = await openAuditedLedger(data, { consortium, isFabric: fabric });
  // Also when an outbox cannot be read: a thread that is left open keeps the process from ending.
  const audit = await auditAll(data, { audited, consortium, tell }).finally(() => audited.verifier.close());
  const { ledger, ...rest } = audit;
  write(json ? `${canonicalJson({ ...ledger, ...rest })}\n` : auditText(audit));
  if (outPath !== undefined && auditor !== undefined) {
    const facts = { consortium, ledgerKind: audited.kind, madeAtUnixMs: clock.nowUnixMs() };
    writeFileSync(outPath, signVerdict(verdictOf(audit, facts), auditor));
    tell(`signed ${outPath}`);
  }
  return audit.ok ? 0 : 1;
}

/** Blocks between two lines of progress: a second or two of work. */
const TELL_EVERY_BLOCKS = 500;

async function auditAll(
  data: DataDirectory,
  modules: { audited: AuditedLedger; consortium: Consortium; tell: (line: string) => void },
): Promise<WholeAudit> {
  const { audited, consortium, tell } = modules;
  const reconciler = new Reconciler(await readOutboxes(data));
  const onProven = (block: ProvenBlock) => {
    reconciler.add(block);
    if (block.number > 0 && block.number % TELL_EVERY_BLOCKS === 0) tell(`block ${block.number} holds`);
  };
  const { blocks, verifier, where } = audited;
  const verifySignature = openSignatureVerifier();
  const ledger = await auditBlocks(blocks, { verifier, verifySignature, onProven });
  if (ledger.counts.blocks === 0 && ledger.ok) throw new CliError("INPUT", `${where}: the ledger has no blocks`);
  const receipts = auditReceipts(receiptDirectories(data), consortium);
  const outboxes = reconciler.finish(await readOutboxes(data));
  return { ledger, outboxes, receipts, ok: ledger.ok && outboxes.ok && receipts.failed.length === 0 };
}

/** Who signs the verdict: the member of that name. Its key is needed before the work, not after it. */
function auditorOf(data: DataDirectory) {
  try {
    return memberOf(readConsortium(data), "auditor");
  } catch (cause) {
    throw new CliError("INPUT", `${data.root}: there is no auditor's key to sign the verdict with`, cause);
  }
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
