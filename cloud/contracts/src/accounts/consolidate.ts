import { demand } from "../contract-error.ts";
import {
  AMOUNT_MICRO,
  defineTransaction,
  list,
  object,
  type Shaped,
  TRANSACTION_ID,
  type Transaction,
} from "../transaction/index.ts";
import { ACCOUNT_ID } from "./account-id.ts";
import { authoriseAccount } from "./account-owner.ts";
import { balanceAt, creditAt } from "./documents.ts";

/** Credits folded by one `Consolidate`: each is a read and a delete, so this is a transaction of a few milliseconds. */
export const CONSOLIDATED_CREDITS_MAX = 500;

/** Asked for by each holder's own process (`fold-credits.ts` of broker and aggregator), before it spends. */
export const CONSOLIDATE = defineTransaction({
  name: "accounts:Consolidate",
  /** `transactionIds` of pending credits, as `accounts:GetAccount` lists them. */
  argument: object({
    accountId: ACCOUNT_ID,
    transactionIds: list(TRANSACTION_ID, { min: 1, max: CONSOLIDATED_CREDITS_MAX }),
  }),
  result: object({ accountId: ACCOUNT_ID, spendableMicro: AMOUNT_MICRO }),
});

/**
 * Folds pending credits into the balance, where they can be spent. It moves nothing between accounts.
 *
 * @throws ContractError ACCOUNT_CREDIT_UNKNOWN for a credit that is not there, or folded already
 */
export async function consolidate(
  transaction: Transaction,
  { accountId, transactionIds }: Shaped<typeof CONSOLIDATE.argument>,
): Promise<Shaped<typeof CONSOLIDATE.result>> {
  const { state } = transaction;
  await authoriseAccount(transaction, accountId);
  let { spendableMicro } = (await state.get(balanceAt(accountId))) ?? { spendableMicro: 0n };
  for (const transactionId of transactionIds) {
    const credit = await state.get(creditAt(accountId, transactionId));
    demand(credit !== undefined, "ACCOUNT_CREDIT_UNKNOWN", () => transactionId);
    spendableMicro += credit.amountMicro;
    state.remove(creditAt(accountId, transactionId));
  }
  state.putMoney(balanceAt(accountId), { accountId, spendableMicro });
  return { accountId, spendableMicro };
}
