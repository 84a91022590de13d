import { demand } from "../contract-error.ts";
import { demandGoodStanding } from "../standing/index.ts";
import {
  CHAINCODE_EVENT,
  decimal,
  defineTransaction,
  ID,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { ACCOUNT_ID } from "./account-id.ts";
import { authoriseAccount } from "./account-owner.ts";
import { TRANSFER } from "./documents.ts";
import { postTransfers } from "./post-transfers.ts";

/** `reference` takes the place of a contract in statements; nothing looks it up. */
export const TRANSFER_MONEY = defineTransaction({
  name: "accounts:Transfer",
  argument: object({ fromId: ACCOUNT_ID, toId: ACCOUNT_ID, amountMicro: decimal({ min: 1n }), reference: ID }),
  result: TRANSFER,
});

/**
 * Moves money from the caller's account to another.
 *
 * @throws ContractError ACCESS_NOT_OWNER, TERMS_INVALID, PARTY_SUSPENDED, ACCOUNT_INSUFFICIENT
 */
export async function transferMoney(
  transaction: Transaction,
  { fromId, toId, amountMicro, reference }: Shaped<typeof TRANSFER_MONEY.argument>,
): Promise<Shaped<typeof TRANSFER>> {
  await authoriseAccount(transaction, fromId);
  await demandGoodStanding(transaction, fromId);
  demand(fromId !== toId, "TERMS_INVALID", () => "toId: is the same account");
  const transfer = { kind: "transfer", fromId, toId, amountMicro, contractId: reference } as const;
  await postTransfers(transaction, [transfer]);
  transaction.emit(CHAINCODE_EVENT.TRANSFERRED, { reference });
  return transfer;
}
