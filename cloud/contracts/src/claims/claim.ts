import { ACCOUNT_ID, authoriseAccount, authoriseSide, postTransfers } from "../accounts/index.ts";
import { demand } from "../contract-error.ts";
import { liftSuspension, SUSPENSION, suspend, suspensionAt } from "../standing/index.ts";
import { hasPassed } from "../time/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  nullable,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { CLAIM, type Claim, claimAt } from "./documents.ts";

const CLAIM_ARGUMENT = object({ claimId: ID });

/** By whoever may spend the debtor's account: by its dispute keeper for a ruling, by hand for a bill. */
export const PAY_CLAIM = defineTransaction({ name: "claims:Pay", argument: CLAIM_ARGUMENT, result: CLAIM });

/** By the creditor; needs the instant `suspendFromUnixMs` itself attested, not a later one. */
export const SUSPEND_DEBTOR = defineTransaction({
  name: "claims:Suspend",
  argument: CLAIM_ARGUMENT,
  result: SUSPENSION,
});

/** A ruling's claim is found by `rulingClaimId` of its contract. */
export const GET_CLAIM = defineTransaction({ name: "claims:GetClaim", argument: CLAIM_ARGUMENT, result: CLAIM });

/** For every role: standing is no secret from whoever may contract with a party. */
export const GET_SUSPENSION = defineTransaction({
  name: "claims:GetSuspension",
  argument: object({ accountId: ACCOUNT_ID }),
  /** Null for a party in good standing. */
  result: nullable(SUSPENSION),
});

/**
 * Records what one party owes another.
 *
 * @throws ContractError CLAIM_EXISTS
 */
export async function raiseClaim({ state }: Transaction, claim: Claim): Promise<Claim> {
  const known = await state.get(claimAt(claim.claimId));
  demand(known === undefined, "CLAIM_EXISTS", () => claim.claimId);
  state.put(claimAt(claim.claimId), claim);
  return claim;
}

/**
 * The debtor pays, in full, and its suspension ends when this was the last claim behind it.
 *
 * @throws ContractError CLAIM_UNKNOWN, ACCESS_NOT_OWNER, CLAIM_PAID, ACCOUNT_INSUFFICIENT
 */
export async function payClaim(transaction: Transaction, { claimId }: { claimId: string }): Promise<Claim> {
  const claim = await findClaim(transaction, claimId);
  const { debtorId, creditorId, amountMicro } = claim;
  await authoriseAccount(transaction, debtorId);
  demand(claim.state === "open", "CLAIM_PAID", () => claimId);
  const paid: Claim = { ...claim, state: "paid" };
  transaction.state.put(claimAt(claimId), paid);
  await liftSuspension(transaction, debtorId, claimId);
  const transfer = { kind: "claim", fromId: debtorId, toId: creditorId, amountMicro, contractId: claimId } as const;
  await postTransfers(transaction, [transfer]);
  transaction.emit(CHAINCODE_EVENT.CLAIM_PAID, { claimId });
  return paid;
}

/**
 * Suspends a debtor once the channel believes that the days of grace are over.
 *
 * @throws ContractError CLAIM_UNKNOWN, ACCESS_NOT_OWNER, CLAIM_PAID, CLAIM_NOT_OVERDUE, CLAIM_SUSPENDS_ALREADY
 */
export async function suspendDebtor(
  transaction: Transaction,
  { claimId }: { claimId: string },
): Promise<Shaped<typeof SUSPENSION>> {
  const claim = await findClaim(transaction, claimId);
  await authoriseAccount(transaction, claim.creditorId);
  demand(claim.state === "open", "CLAIM_PAID", () => claimId);
  const isOverdue = await hasPassed(transaction, claim.suspendFromUnixMs);
  demand(isOverdue, "CLAIM_NOT_OVERDUE", () => `until ${claim.suspendFromUnixMs}`);
  const claimIds = await suspend(transaction, claim.debtorId, claimId);
  transaction.emit(CHAINCODE_EVENT.PARTY_SUSPENDED, { accountId: claim.debtorId, claimId });
  return { accountId: claim.debtorId, claimIds };
}

/** @throws ContractError CLAIM_UNKNOWN, ACCESS_NOT_OWNER unless the caller is debtor or creditor, or sees everything */
export async function readClaim(transaction: Transaction, { claimId }: { claimId: string }): Promise<Claim> {
  const claim = await findClaim(transaction, claimId);
  await authoriseSide(transaction, [claim.debtorId, claim.creditorId]);
  return claim;
}

/** @returns null for an account in good standing, and for one that does not exist */
export async function readSuspension(
  transaction: Transaction,
  { accountId }: { accountId: string },
): Promise<Shaped<typeof SUSPENSION> | null> {
  return (await transaction.state.get(suspensionAt(accountId))) ?? null;
}

async function findClaim({ state }: Transaction, claimId: string): Promise<Claim> {
  const claim = await state.get(claimAt(claimId));
  demand(claim !== undefined, "CLAIM_UNKNOWN", () => claimId);
  return claim;
}
