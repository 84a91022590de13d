import { createHash } from "node:crypto";
import type { StepContext } from "../aggregator-modules.ts";

const ACCOUNT_ID = "aggregator";

/**
 * Makes what earlier contracts paid back spendable again; a lock can only take what is folded into the balance. Returns
 * true when nothing is left to fold.
 */
export async function foldCredits({ modules, acts }: StepContext): Promise<boolean> {
  const account = (await modules.ledger.evaluate("accounts:GetAccount", { accountId: ACCOUNT_ID })) as {
    pendingCredits: { transactionId: string }[];
  };
  const transactionIds = account.pendingCredits.map(({ transactionId }) => transactionId);
  if (transactionIds.length === 0) return true;
  const digest = createHash("sha256").update(transactionIds.join()).digest("hex");
  acts.perform(`fold/${digest}`, "accounts:Consolidate", { accountId: ACCOUNT_ID, transactionIds });
  return false;
}
