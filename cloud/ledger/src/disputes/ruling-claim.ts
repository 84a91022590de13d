/**
 * What has to be done about a claim that a ruling left, by whoever keeps disputes for one side of it:
 * ```
 *              ruling --------------------------- may be suspended ------------->
 * debtor's     pays as soon as its account covers it   | lets go, unpaid
 * creditor's   waits                                   | suspends the debtor
 * ```
 * A device has no connection to the ledger of its own, so its virtual node pays for it, from the device's account: that
 * of the time when it is paid, to which the device may have moved.
 */
import { AGGREGATOR_ACCOUNT, accountHolder, vnAccount } from "@gridpact/contracts";
import type { Ledger } from "../client/index.ts";
import { ask, claimOf } from "./contract-queries.ts";

/** `wait`: look again soon, or when the debtor may be suspended. `unpaid`: nothing is left to do but by hand. */
type ClaimDue = { kind: "done" | "pay" | "suspend" | "unpaid" } | { kind: "wait"; untilUnixMs: number };

type Reader = Pick<Ledger, "evaluate">;

/** One virtual node's id, or `all` for the aggregator. */
type Keeping = { readonly vnId: string | "all" };

export async function claimDue(
  ledger: Reader,
  claimId: string,
  { vnId, dueUnixMs }: Keeping & { readonly dueUnixMs: number },
): Promise<ClaimDue> {
  const claim = await claimOf(ledger, claimId);
  if (claim?.state !== "open") return { kind: "done" };
  const { debtorId, creditorId, amountMicro, suspendFromUnixMs } = claim;
  const isDebtor = await isPaidBy({ vnId }, debtorId, ledger);
  // One that the account does not cover would be refused, again and again.
  if (isDebtor && amountMicro <= (await spendableMicro(ledger, debtorId))) return { kind: "pay" };
  const isCreditor = creditorId === accountOf({ vnId });
  if (!isDebtor && !isCreditor) return { kind: "done" };
  if (dueUnixMs < suspendFromUnixMs) return { kind: "wait", untilUnixMs: suspendFromUnixMs };
  if (!isCreditor || (await isSuspendedFor(ledger, debtorId, claimId))) return { kind: "unpaid" };
  return { kind: "suspend" };
}

/** Whether a ruling's claim is one that this keeper pays; false as well for one that it may not see. */
export async function isRulingPaidBy(keeping: Keeping, claimId: string, ledger: Reader): Promise<boolean> {
  const claim = await claimOf(ledger, claimId);
  return claim?.basis === "ruling" && (await isPaidBy(keeping, claim.debtorId, ledger));
}

async function isPaidBy(keeping: Keeping, accountId: string, ledger: Reader): Promise<boolean> {
  const holder = accountHolder(accountId);
  if (holder?.kind !== "feid") return accountId === accountOf(keeping);
  return (await ask(ledger, "registry:GetDevice", { deviceId: holder.deviceId })).vnId === keeping.vnId;
}

function accountOf({ vnId }: Keeping): string {
  return vnId === "all" ? AGGREGATOR_ACCOUNT : vnAccount(vnId);
}

async function spendableMicro(ledger: Reader, accountId: string): Promise<bigint> {
  return (await ask(ledger, "accounts:GetAccount", { accountId })).spendableMicro;
}

async function isSuspendedFor(ledger: Reader, accountId: string, claimId: string): Promise<boolean> {
  const suspension = await ask(ledger, "claims:GetSuspension", { accountId });
  return suspension?.claimIds.includes(claimId) === true;
}
