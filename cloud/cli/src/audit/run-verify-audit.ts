import { readFileSync } from "node:fs";
import { checkVerdict, type VerdictCheck } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { readTrustFile } from "../verify/trust-file.ts";

export type VerifyAuditOptions = {
  path: string;
  /** Whom to trust; see `readTrustFile`. */
  trustPath: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact verify-audit`: tells whether an auditor of the consortium signed the verdict in a file, and
 * what it says. Returns the exit code: 0 for a signed PASS, 1 for a signed FAIL and for anything that is not signed so.
 * @throws CliError INPUT when a file cannot be read
 */
export function runVerifyAudit(
  { path, trustPath, json }: VerifyAuditOptions,
  write: (text: string) => void = (text) => process.stdout.write(text),
): number {
  const check = checkVerdict(readText(path), readTrustFile(trustPath));
  write(json ? `${canonicalJson(check)}\n` : textOf(path, check));
  return check.ok && check.verdict.ok ? 0 : 1;
}

function textOf(path: string, check: VerdictCheck): string {
  if (!check.ok) return `✗ ${path}: not to be believed, ${check.reason}: ${check.detail}\n`;
  const { auditor, mspId, verdict } = check;
  const { ok, ledgerKind, blocks, headHashHex, findingsTotal, madeAtUnixMs } = verdict;
  const signed = `signed by ${auditor} of ${mspId}, ${new Date(madeAtUnixMs).toISOString()}`;
  const about = `${ledgerKind} ledger of ${blocks} blocks, head ${headHashHex}, ${findingsTotal} findings`;
  return `${ok ? "✓ PASS" : "✗ FAIL"} ${path}: ${about}; ${signed}\n`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError("INPUT", `${path}: cannot be read`, cause);
  }
}
