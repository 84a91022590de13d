/** What a browser is given to check files with, in tests: texts go in, texts come out. */
import { BlockProver, openUnpacked, parseTrust } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { unpackFile } from "../src/unpack-file.ts";

/** Checks files (in base64) against a trust file; gives the report of each, as `gridpact verify --json` writes it. */
export async function checkFiles(trustText: string, files: readonly string[]): Promise<string[]> {
  const prover = new BlockProver(parseTrust(trustText));
  const reports: string[] = [];
  for (const file of files) {
    const unpacked = await unpackFile(Buffer.from(file, "base64"));
    reports.push(canonicalJson(openUnpacked(unpacked, prover).report));
  }
  return reports;
}
