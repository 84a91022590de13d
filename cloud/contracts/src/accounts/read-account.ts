import {
  AMOUNT_MICRO,
  type Document,
  defineTransaction,
  FLAG,
  list,
  nullable,
  object,
  type Shaped,
  type Transaction,
  text,
  wholeNumber,
} from "../transaction/index.ts";
import { ACCOUNT_ID } from "./account-id.ts";
import { authoriseAccount } from "./account-owner.ts";
import { CONSOLIDATED_CREDITS_MAX } from "./consolidate.ts";
import { balanceAt, CREDIT, creditAt, ENTRY, entryAt, reserveAt } from "./documents.ts";

/** Entries on one page of a statement: some 100 kB for a virtual node whose events have hundreds of contracts. */
export const STATEMENT_PAGE_MAX = 100;

/** Pending credits that one answer lists: as many as one `Consolidate` takes. */
const PENDING_CREDITS_MAX = CONSOLIDATED_CREDITS_MAX;

/** Documents read in one range; a balance is added up over as many as there are. */
const PAGE_MAX = PENDING_CREDITS_MAX;

/** 14 digits of time, a stroke and 64 of a transaction id are 79. */
const PAGE_KEY_CHARS_MAX = 100;

/** An evaluation only: it reads ranges, which a transaction that writes may not. */
export const GET_ACCOUNT = defineTransaction({
  name: "accounts:GetAccount",
  argument: object({ accountId: ACCOUNT_ID }),
  result: object({
    accountId: ACCOUNT_ID,
    /** `spendableMicro`, all pending credits, and what is set aside. */
    balanceMicro: AMOUNT_MICRO,
    /** What a lock may take now. */
    spendableMicro: AMOUNT_MICRO,
    pendingCredits: list(CREDIT, { min: 0, max: PENDING_CREDITS_MAX }),
    /** There are more pending credits than are listed; all of them are in `balanceMicro`. */
    hasMoreCredits: FLAG,
  }),
});

/** A page at a time, oldest first; pages are cut by entries, not by transfers. */
export const GET_STATEMENT = defineTransaction({
  name: "accounts:GetStatement",
  argument: object({
    accountId: ACCOUNT_ID,
    /** `next` of the page before; empty for the first page. */
    after: text((value) => value.length <= PAGE_KEY_CHARS_MAX, "the `next` of a page"),
    limit: wholeNumber({ min: 1, max: STATEMENT_PAGE_MAX }),
  }),
  result: object({
    accountId: ACCOUNT_ID,
    entries: list(ENTRY, { min: 0, max: STATEMENT_PAGE_MAX }),
    next: nullable(text((value) => value.length > 0, "a page key")),
  }),
});

/**
 * What an account has. Pending credits are counted by a range read, which an evaluation may do and a write may not.
 *
 * @throws ContractError ACCESS_NOT_OWNER
 */
export async function getAccount(
  transaction: Transaction,
  { accountId }: { accountId: string },
): Promise<Shaped<typeof GET_ACCOUNT.result>> {
  await authoriseAccount(transaction, accountId);
  const { state } = transaction;
  const { spendableMicro } = (await state.get(balanceAt(accountId))) ?? { spendableMicro: 0n };
  const first = await state.list(creditAt(accountId), { after: "", limit: PENDING_CREDITS_MAX });
  const creditedMicro = sumOf(first.values) + (await sumAll(transaction, creditAt(accountId), first.next));
  const balanceMicro = spendableMicro + creditedMicro + (await sumAll(transaction, reserveAt(accountId), ""));
  const hasMoreCredits = first.next !== null;
  return { accountId, balanceMicro, spendableMicro, pendingCredits: first.values, hasMoreCredits };
}

/** The account's entries in the order of their claimed times, a page at a time. */
export async function getStatement(
  transaction: Transaction,
  { accountId, after, limit }: Shaped<typeof GET_STATEMENT.argument>,
): Promise<Shaped<typeof GET_STATEMENT.result>> {
  await authoriseAccount(transaction, accountId);
  const page = await transaction.state.list(entryAt(accountId), { after, limit });
  return { accountId, entries: page.values, next: page.next };
}

type Part = { readonly amountMicro: bigint };

/** From a page on, which is null at the end: an account that nobody tidies up has more than one read should hold. */
async function sumAll({ state }: Transaction, parts: Document<Part>, from: string | null): Promise<bigint> {
  let sumMicro = 0n;
  for (let after = from; after !== null; ) {
    const { values, next } = await state.list(parts, { after, limit: PAGE_MAX });
    sumMicro += sumOf(values);
    after = next;
  }
  return sumMicro;
}

function sumOf(parts: readonly Part[]): bigint {
  return parts.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
}
