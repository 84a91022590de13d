/**
 * Moving money without making strangers wait for each other.
 *
 * An account has one balance key `account/<id>`, and a write to it conflicts with any other in the same block (MVCC).
 * The balances of aggregator and virtual nodes are therefore *shared*: what others credit to them goes to a key of its
 * own, `credit/<id>/<transaction>`, written without reading, so that no two transactions meet. Only the holder's own
 * debits read and write the balance key, because only they can overdraw it; the holder folds credits into it with
 * `accounts:Consolidate`, by name and without a range read. A device's account is touched by one contract at a time,
 * so its credits go straight to the balance and can be spent at once.
 *
 *      holder:  lock, lock, Consolidate  ->  account/vn:a          (read and written, in the holder's own order)
 *      others:  pay, penalty, return     ->  credit/vn:a/<tx>      (written only)
 */
import assert from "node:assert/strict";
import { demand } from "../contract-error.ts";
import type { Transaction } from "../transaction/index.ts";
import { accountHolder, ISSUER } from "./account-id.ts";
import { balanceAt, creditAt, ENTRY_TRANSFERS_MAX, entryAt, reserveAt, type Transfer } from "./documents.ts";

/** Which part of which account pays, instead of its balance. */
export type ReserveChoice = { readonly accountId: string; readonly reserveId: string };

/** Digits of the claimed time in entry keys, so that text order is time order until the year 5138. */
const TIME_DIGITS = 14;

/**
 * Posts the transfers of a transaction: one entry and at most one balance write for each account. It MUST be called at
 * most once in a transaction, with all of them, because the entry of an account is written whole.
 *
 * @param reserve - An account whose debits are taken from money set aside
 * @throws ContractError ACCOUNT_INSUFFICIENT when an account would be overdrawn, ACCOUNT_RESERVE_UNKNOWN
 */
export async function postTransfers(
  transaction: Transaction,
  transfers: readonly Transfer[],
  reserve?: ReserveChoice,
): Promise<void> {
  const byAccount = new Map<string, Transfer[]>();
  for (const transfer of transfers) {
    if (transfer.amountMicro === 0n) continue;
    for (const id of [transfer.fromId, transfer.toId]) addTo(byAccount, id, transfer);
  }
  for (const [accountId, own] of byAccount) {
    putEntry(transaction, accountId, own);
    if (accountId === reserve?.accountId) await spendReserve(transaction, reserve, own);
    else await postToAccount(transaction, accountId, own);
  }
}

function addTo(byAccount: Map<string, Transfer[]>, id: string, transfer: Transfer): void {
  if (accountHolder(id) === undefined) return; // Escrow and issuer are no accounts.
  const own = byAccount.get(id);
  if (own === undefined) byAccount.set(id, [transfer]);
  else own.push(transfer);
}

function putEntry({ state, id, claimedAtUnixMs }: Transaction, accountId: string, transfers: readonly Transfer[]) {
  assert(transfers.length <= ENTRY_TRANSFERS_MAX, "an entry could not be read back");
  const time = `${claimedAtUnixMs}`.padStart(TIME_DIGITS, "0");
  state.put(entryAt(accountId, time, id), { transactionId: id, claimedAtUnixMs, transfers });
}

/** Debits a reserve instead of the balance; what is left of it becomes a credit of this transaction. */
async function spendReserve(
  { state, id }: Transaction,
  { accountId, reserveId }: ReserveChoice,
  transfers: readonly Transfer[],
): Promise<void> {
  const reserved = await state.get(reserveAt(accountId, reserveId));
  demand(reserved !== undefined, "ACCOUNT_RESERVE_UNKNOWN", () => `${reserveId} of ${accountId}`);
  const debitMicro = sumWhere(transfers, ({ fromId }) => fromId === accountId);
  const leftMicro = reserved.amountMicro - debitMicro;
  demand(
    leftMicro >= 0n,
    "ACCOUNT_INSUFFICIENT",
    () => `${reserveId} has ${reserved.amountMicro}, needs ${debitMicro}`,
  );
  state.remove(reserveAt(accountId, reserveId));
  if (leftMicro > 0n) state.put(creditAt(accountId, id), { transactionId: id, amountMicro: leftMicro });
}

async function postToAccount(transaction: Transaction, accountId: string, transfers: readonly Transfer[]) {
  const { state, id } = transaction;
  const debitMicro = sumWhere(transfers, ({ fromId }) => fromId === accountId);
  const creditMicro = sumWhere(transfers, ({ toId }) => toId === accountId);
  if (debitMicro === 0n && takesCredits(accountId, transfers)) {
    state.put(creditAt(accountId, id), { transactionId: id, amountMicro: creditMicro });
    return;
  }
  const { spendableMicro } = (await state.get(balanceAt(accountId))) ?? { spendableMicro: 0n };
  const nextMicro = spendableMicro + creditMicro - debitMicro;
  demand(nextMicro >= 0n, "ACCOUNT_INSUFFICIENT", () => `${accountId} has ${spendableMicro}, needs ${debitMicro}`);
  state.putMoney(balanceAt(accountId), { accountId, spendableMicro: nextMicro });
}

/** Minting goes to the balance, for an administrator has no one to race with and the money should be of use at once. */
function takesCredits(accountId: string, transfers: readonly Transfer[]): boolean {
  return accountHolder(accountId)?.kind !== "feid" && transfers.every(({ fromId }) => fromId !== ISSUER);
}

function sumWhere(transfers: readonly Transfer[], counts: (transfer: Transfer) => boolean): bigint {
  return transfers.reduce((sum, each) => (counts(each) ? sum + each.amountMicro : sum), 0n);
}
