import {
  CHAINCODE_EVENT,
  decimal,
  defineTransaction,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { ACCOUNT_ID, ISSUER } from "./account-id.ts";
import { SUPPLY, supplyAt } from "./documents.ts";
import { postTransfers } from "./post-transfers.ts";

export const MINT = defineTransaction({
  name: "accounts:Mint",
  argument: object({ accountId: ACCOUNT_ID, amountMicro: decimal({ min: 1n }) }),
  result: SUPPLY,
});

export const GET_SUPPLY = defineTransaction({ name: "accounts:GetSupply", argument: object({}), result: SUPPLY });

/** Makes money: the only act that changes how much there is. */
export async function mint(
  transaction: Transaction,
  { accountId, amountMicro }: Shaped<typeof MINT.argument>,
): Promise<Shaped<typeof SUPPLY>> {
  const { mintedMicro } = await getSupply(transaction);
  const supply = { mintedMicro: mintedMicro + amountMicro };
  transaction.state.put(supplyAt(), supply);
  await postTransfers(transaction, [{ kind: "mint", fromId: ISSUER, toId: accountId, amountMicro, contractId: null }]);
  transaction.emit(CHAINCODE_EVENT.MINTED, { accountId });
  return supply;
}

/**
 * Zero before the first mint.
 */
export async function getSupply({ state }: Transaction): Promise<Shaped<typeof SUPPLY>> {
  return (await state.get(supplyAt())) ?? { mintedMicro: 0n };
}
