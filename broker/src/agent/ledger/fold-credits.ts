import type { LedgerActs } from "@gridpact/ledger";
import type { Given } from "../agent-host.ts";
import { sha256OfJson } from "../document/index.ts";

/**
 * Makes what earlier contracts paid spendable again; a lock can only take what is folded into the balance. Returns true
 * when nothing is left to fold.
 */
export async function foldCredits({
  options,
  modules,
  acts,
}: Given<"ledger"> & { acts: LedgerActs }): Promise<boolean> {
  const accountId = `vn:${options.vnId}`;
  const account = (await modules.ledger.evaluate("accounts:GetAccount", { accountId })) as {
    pendingCredits: { transactionId: string }[];
  };
  const transactionIds = account.pendingCredits.map(({ transactionId }) => transactionId);
  if (transactionIds.length === 0) return true;
  acts.perform(`fold/${sha256OfJson(transactionIds)}`, "accounts:Consolidate", { accountId, transactionIds });
  return false;
}
