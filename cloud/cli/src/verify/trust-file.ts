import { readFileSync } from "node:fs";
import { BlockVerifier, type Consortium } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";

/**
 * Reads whom the caller trusts: channel, organisations with their authorities, orderers, and how many organisations
 * have to endorse. It MUST come from somewhere else than the receipts, or they vouch for themselves.
 * @throws CliError INPUT when the file is missing or says less than a verification needs
 */
export function readTrustFile(path: string): Consortium {
  const consortium = parseJson(path) as Partial<Consortium> | null;
  const { channelName, organisations, orderers, endorsingOrganisationsMin } = consortium ?? {};
  const isWhole =
    typeof channelName === "string" &&
    isListOf(organisations, ["mspId", "authorityPem"]) &&
    isListOf(orderers, ["mspId", "certificatePem"]) &&
    Number.isSafeInteger(endorsingOrganisationsMin) &&
    (endorsingOrganisationsMin ?? 0) >= 1;
  if (!isWhole) {
    const needed = "channelName, organisations, orderers and endorsingOrganisationsMin";
    throw new CliError("INPUT", `${path}: a trust file states ${needed}`);
  }
  checkCertificates(consortium as Consortium, path);
  return consortium as Consortium;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing ? "there is no such trust file; name one with --trust" : `not readable: ${String(cause)}`;
    throw new CliError("INPUT", `${path}: ${reason}`, cause);
  }
}

/** None at all would leave nobody whose signature is needed. */
function isListOf(value: unknown, fields: readonly string[]): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each: Record<string, unknown> | null) =>
    fields.every((field) => typeof each?.[field] === "string"),
  );
}

function checkCertificates(consortium: Consortium, path: string): void {
  try {
    new BlockVerifier(consortium);
  } catch (cause) {
    throw new CliError("INPUT", `${path}: an authority's certificate cannot be read`, cause);
  }
}
