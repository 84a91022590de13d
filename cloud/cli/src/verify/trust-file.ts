import { readFileSync } from "node:fs";
import type { Consortium } from "@gridpact/ledger";
import { parseTrust, TrustError } from "@gridpact/ledger/receipts";
import { CliError } from "../cli-error.ts";

/**
 * Reads whom the caller trusts from a file; see `parseTrust`.
 * @throws CliError INPUT when the file is missing or says less than a verification needs
 */
export function readTrustFile(path: string): Consortium {
  const text = readText(path);
  try {
    return parseTrust(text);
  } catch (cause) {
    if (cause instanceof TrustError) throw new CliError("INPUT", `${path}: ${cause.message}`, cause);
    throw cause;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? "there is no such trust file; name one with --trust" : `not readable: ${String(cause)}`;
    throw new CliError("INPUT", `${path}: ${reason}`, cause);
  }
}
