import { LedgerError } from "../client/index.ts";

/**
 * Why the ledger refused for good: the contract's own stable code, or the phase that refused. Undefined when the
 * failure may pass, such as a peer that is down.
 */
export function ledgerRefusal(error: unknown): string | undefined {
  if (!(error instanceof LedgerError) || !error.isRefusal) return undefined;
  return error.contractCode ?? error.code;
}
