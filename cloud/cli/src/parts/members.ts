import { type Ledger, LedgerError } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";
import { readConsortium } from "../consortium/consortium-files.ts";
import { clockOf } from "../process/clock-file.ts";
import { existingDataDirectory } from "../process/data-directory.ts";
import { connectLedger } from "./part.ts";

/** A client of the ledger that signs as a member. */
export type Connect = (member: string) => Promise<Pick<Ledger, "evaluate" | "execute">>;

/** Who asks what everyone may ask. */
export const AUDITOR = "auditor";

/** Signs as the members whose keys are in a data directory, against the ledger that runs on it. */
export function membersOf(dataDirectory: string): Connect {
  const data = existingDataDirectory(dataDirectory);
  const consortium = readConsortium(data);
  return async (member) => {
    if (!consortium.members.has(member)) throw new CliError("INPUT", `${data.root} has no key of ${member}`);
    return connectLedger({ data, clock: clockOf(data), consortium }, member);
  };
}

/** gRPC: there is no connection. */
const UNAVAILABLE = 14;

/** A refusal, or a ledger that does not answer, is nothing that a stack explains. */
export function asUserError(error: unknown): never {
  if (!(error instanceof LedgerError)) throw error;
  const advice = error.status === UNAVAILABLE ? '; does the ledger run? "gridpact ledger" starts it' : "";
  throw new CliError("LEDGER_REFUSED", `${error.contractCode ?? error.code}: ${error.message}${advice}`, error);
}
