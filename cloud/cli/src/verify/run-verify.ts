import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { BlockProver, verifyReceiptBytes } from "@gridpact/ledger/receipts";
import { openSignatureVerifier } from "@gridpact/native";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { type FileReport, longForm, shortForm, totals } from "./print-report.ts";
import { readTrustFile } from "./trust-file.ts";

export type VerifyOptions = {
  /** One line of JSON instead of text for people. */
  json: boolean;
  /** Whom to trust; see `readTrustFile`. */
  trustPath: string;
};

/** Where the words go; the terminal unless a test listens. */
export type Write = (text: string) => void;

/**
 * The command `gridpact verify`: verifies receipts, files or directories of them, and prints what it found. Returns the
 * exit code: 0 when every receipt holds, else 1.
 * @throws CliError INPUT for a path that does not exist, a directory without receipts, or an unusable trust file
 */
export function runVerify(
  paths: readonly string[],
  { json, trustPath }: VerifyOptions,
  write: Write = (text) => process.stdout.write(text),
): number {
  const prover = new BlockProver(readTrustFile(trustPath), { verifySignature: openSignatureVerifier() });
  const files = paths.flatMap(receiptFiles);
  if (files.length === 0) throw new CliError("INPUT", "name a receipt, or a directory of receipts");
  const isAlone = files.length === 1;
  const reports = files.map((path) => {
    const report = verifyFile(path, prover);
    if (!json) write(isAlone ? longForm(report) : shortForm(report));
    return report;
  });
  const ok = reports.every((report) => report.ok);
  if (json) write(`${canonicalJson({ ok, receipts: reports })}\n`);
  else if (!isAlone) write(totals(reports));
  return ok ? 0 : 1;
}

function receiptFiles(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new CliError("INPUT", `${path}: there is no such file or directory`);
  if (!found.isDirectory()) return [path];
  const names = readdirSync(path).filter(isReceiptName);
  if (names.length === 0) throw new CliError("INPUT", `${path}: the directory holds no receipts (*.json.gz, *.json)`);
  return names.sort().map((name) => join(path, name));
}

/** Packed, as virtual nodes write them, or unpacked by whoever wanted to look into one. */
export function isReceiptName(name: string): boolean {
  return name.endsWith(".json.gz") || name.endsWith(".json");
}

function verifyFile(path: string, prover: BlockProver): FileReport {
  return { path, ...verifyReceiptBytes(readFileSync(path), prover) };
}
