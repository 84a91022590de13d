import { readFileSync, writeFileSync } from "node:fs";
import { ContractError, readResult, type SupplyAgreement } from "@gridpact/contracts";
import { canonicalJson, type JsonValue } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";

const OWNER_ONLY = 0o600;

/**
 * An agreement as it is handed from the prosumer to its node, and opened to whoever has to judge.
 * @throws CliError INPUT when the file is not there, or holds something else; with every fault of it
 */
export function readAgreementFile(path: string): SupplyAgreement {
  try {
    return asAgreement(JSON.parse(readFileSync(path, "utf8")) as JsonValue);
  } catch (error) {
    throw new CliError("INPUT", `${path} holds no supply agreement: ${(error as Error).message}`, error);
  }
}

/**
 * Writes an agreement for its owner's eyes only. A file that is there already stays: the salt of an agreement is
 * nowhere else, and without it nobody can open what the channel has the hash of.
 * @throws CliError INPUT when the terms are not what the contract takes, or the file cannot be made
 */
export function writeAgreementFile(path: string, agreement: SupplyAgreement): void {
  const text = canonicalJson(agreement);
  try {
    asAgreement(JSON.parse(text) as JsonValue);
    writeFileSync(path, `${text}\n`, { mode: OWNER_ONLY, flag: "wx" });
  } catch (error) {
    const isTerms = error instanceof ContractError;
    throw new CliError("INPUT", isTerms ? error.message : `${path} is not written: ${(error as Error).message}`, error);
  }
}

/** By the contract's own shape, which is that of what it returns, too. @throws ContractError RESULT_INVALID */
function asAgreement(value: JsonValue): SupplyAgreement {
  return readResult("supply:GetAgreement", value);
}
