/**
 * A party that does not pay what it owes is suspended until it does. While it is, it enters no new obligation: no
 * request, no acceptance, no new contract, no transfer away. What it may still do is what ends its suspension or was
 * promised before: pay claims, settle and complete running contracts, receive money, dispute, and read.
 */
import { demand } from "../contract-error.ts";
import { collection, ID, list, object, type Transaction, text } from "../transaction/index.ts";

/** Claims for which one party can be suspended at a time; the first suffices, the rest wait for it. */
const SUSPENDING_CLAIMS_MAX = 64;

/** Absent, not empty, for a party in good standing. */
export const SUSPENSION = object({
  accountId: text((value) => value.length > 0, "an account id"),
  /** Overdue claims; when the last is paid the suspension ends. */
  claimIds: list(ID, { min: 0, max: SUSPENDING_CLAIMS_MAX }),
});

/** By account. Read by whatever makes a new obligation; written by `claims:Suspend` and `claims:Pay`. */
export const suspensionAt = collection("suspension", SUSPENSION);

/** @throws ContractError PARTY_SUSPENDED */
export async function demandGoodStanding({ state }: Transaction, accountId: string): Promise<void> {
  const suspension = await state.get(suspensionAt(accountId));
  demand(suspension === undefined, "PARTY_SUSPENDED", () => `${accountId} owes ${suspension?.claimIds.join(", ")}`);
}

/** @throws ContractError CLAIM_SUSPENDS_ALREADY */
export async function suspend({ state }: Transaction, accountId: string, claimId: string): Promise<readonly string[]> {
  const claimIds = (await state.get(suspensionAt(accountId)))?.claimIds ?? [];
  const isNew = !claimIds.includes(claimId) && claimIds.length < SUSPENDING_CLAIMS_MAX;
  demand(isNew, "CLAIM_SUSPENDS_ALREADY", () => `${claimId} of ${accountId}`);
  state.put(suspensionAt(accountId), { accountId, claimIds: [...claimIds, claimId] });
  return [...claimIds, claimId];
}

/** Ends what a claim was the reason for. A claim that was none changes nothing. */
export async function liftSuspension({ state }: Transaction, accountId: string, claimId: string): Promise<void> {
  const suspension = await state.get(suspensionAt(accountId));
  if (suspension === undefined) return;
  const claimIds = suspension.claimIds.filter((each) => each !== claimId);
  if (claimIds.length === 0) state.remove(suspensionAt(accountId));
  else state.put(suspensionAt(accountId), { accountId, claimIds });
}
