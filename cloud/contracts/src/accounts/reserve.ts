/**
 * Parts of a balance set aside under keys of their own. Setting up contracts debits the virtual node's balance, so two
 * chunks in one block would conflict; each chunk that spends a reserve of its own touches nothing that another does.
 */
import { demand } from "../contract-error.ts";
import {
  AMOUNT_MICRO,
  decimal,
  defineTransaction,
  ID,
  list,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { ACCOUNT_ID } from "./account-id.ts";
import { authoriseAccount } from "./account-owner.ts";
import { balanceAt, reserveAt } from "./documents.ts";

/** As many as one SC1 can have chunks. */
export const RESERVES_MAX = 128;

/** All of them or none. A reserve has no way back but to be spent: see `spendReserve`. */
export const RESERVE = defineTransaction({
  name: "accounts:Reserve",
  argument: object({
    accountId: ACCOUNT_ID,
    reserves: list(object({ reserveId: ID, amountMicro: decimal({ min: 1n }) }), { min: 1, max: RESERVES_MAX }),
  }),
  result: object({ accountId: ACCOUNT_ID, spendableMicro: AMOUNT_MICRO }),
});

/**
 * Sets money aside; it stays the account's own, and what a chunk does not need of it comes back as a credit.
 *
 * @throws ContractError ACCESS_NOT_OWNER, ACCOUNT_RESERVE_EXISTS, ACCOUNT_INSUFFICIENT
 */
export async function reserve(
  transaction: Transaction,
  { accountId, reserves }: Shaped<typeof RESERVE.argument>,
): Promise<Shaped<typeof RESERVE.result>> {
  const { state } = transaction;
  await authoriseAccount(transaction, accountId);
  let { spendableMicro } = (await state.get(balanceAt(accountId))) ?? { spendableMicro: 0n };
  for (const { reserveId, amountMicro } of reserves) {
    const key = reserveAt(accountId, reserveId);
    demand((await state.get(key)) === undefined, "ACCOUNT_RESERVE_EXISTS", () => reserveId);
    demand(amountMicro <= spendableMicro, "ACCOUNT_INSUFFICIENT", () => `${accountId} has ${spendableMicro} left`);
    spendableMicro -= amountMicro;
    state.put(key, { reserveId, amountMicro });
  }
  state.putMoney(balanceAt(accountId), { accountId, spendableMicro });
  return { accountId, spendableMicro };
}
