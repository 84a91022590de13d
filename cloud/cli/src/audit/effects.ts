/** What a transaction has to write, computed from its argument and the state before it. */
import { AGGREGATOR_ACCOUNT, type Transfer } from "@gridpact/contracts";
import type { ProvenTransaction } from "@gridpact/ledger";
import { AuditRuleError } from "./audit-rule.ts";
import type { ReplayedState } from "./replayed-state.ts";

/** Where money comes from when it is made. */
export const ISSUER = "issuer";

/** Documents by key, undefined for one that goes away; and the money that moves. */
export type Effects = { documents: Map<string, unknown>; transfers: Transfer[] };

/** Everything a rule looks at. */
export type RuleInput = { transaction: ProvenTransaction; state: ReplayedState };

export function effects(documents: Iterable<readonly [string, unknown]>, transfers: Transfer[] = []): Effects {
  return { documents: new Map(documents), transfers };
}

export function argumentOf<T>({ transaction }: RuleInput): T {
  return JSON.parse(transaction.argument) as T;
}

export function escrowOf(contractId: string): string {
  return `escrow:${contractId}`;
}

/** Into a contract. */
export function lock(contractId: string, fromId: string, amountMicro: bigint): Transfer {
  return { kind: "lock", fromId, toId: escrowOf(contractId), amountMicro, contractId };
}

/** Out of a contract that ended before anything was earned. */
export function giveBack(contractId: string, toId: string, amountMicro: bigint): Transfer {
  return { kind: "return", fromId: escrowOf(contractId), toId, amountMicro, contractId };
}

/** A statement entry, without the claimed time that only sorts it. */
export type ExpectedEntry = { accountId: string; transfers: Transfer[] };

/** Entries that the transfers make, one for each account; what is zero moves nothing. */
export function entriesOf(transfers: readonly Transfer[]): ExpectedEntry[] {
  const moving = transfers.filter(({ amountMicro }) => amountMicro > 0n);
  const accountIds = new Set(moving.flatMap(({ fromId, toId }) => [fromId, toId]).filter(isAccount));
  return [...accountIds].map((accountId) => ({
    accountId,
    transfers: moving.filter(({ fromId, toId }) => fromId === accountId || toId === accountId),
  }));
}

/**
 * What one entry does to its account: credits to aggregator and virtual nodes wait in a key of their own, everything
 * else changes the balance.
 * @throws AuditRuleError when the account would be overdrawn
 */
export function balanceChange(
  { accountId, transfers }: ExpectedEntry,
  { state, transaction }: RuleInput,
): readonly [string, unknown] {
  const { transactionId } = transaction;
  const netMicro = netOf({ accountId, transfers });
  const isDebited = transfers.some(({ fromId }) => fromId === accountId);
  const isMinted = transfers.some(({ fromId }) => fromId === ISSUER);
  if (!isDebited && !isMinted && isCredited(accountId)) {
    return [`credit/${accountId}/${transactionId}`, { transactionId, amountMicro: netMicro }];
  }
  const spendableMicro = state.spendableMicro(accountId) + netMicro;
  if (spendableMicro < 0n) throw new AuditRuleError(`account/${accountId}`, "covered", `${spendableMicro} micro`);
  return [`account/${accountId}`, { accountId, spendableMicro }];
}

/** What an account gains by an entry. */
export function netOf({ accountId, transfers }: ExpectedEntry): bigint {
  return transfers.reduce((sum, { fromId, toId, amountMicro }) => {
    return sum + (toId === accountId ? amountMicro : 0n) - (fromId === accountId ? amountMicro : 0n);
  }, 0n);
}

function isAccount(partyId: string): boolean {
  return isCredited(partyId) || partyId.startsWith("feid:");
}

function isCredited(accountId: string): boolean {
  return accountId === AGGREGATOR_ACCOUNT || accountId.startsWith("vn:");
}
