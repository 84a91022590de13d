import { deviceAt } from "../registry/index.ts";
import type { Owner, Transaction } from "../transaction/index.ts";
import { accountHolder } from "./account-id.ts";

/**
 * Applies the access table to an account: it belongs to its holder, a device's account also to its virtual node.
 *
 * @throws ContractError ACCESS_NOT_OWNER
 */
export async function authoriseAccount(transaction: Transaction, accountId: string): Promise<void> {
  transaction.authorise(await ownerOf(transaction, accountId));
}

/**
 * As `authoriseAccount`, for what one account owes another: either side may see it.
 *
 * @throws ContractError ACCESS_NOT_OWNER
 */
export async function authoriseSide(
  transaction: Transaction,
  [leftId, rightId]: readonly [string, string],
): Promise<void> {
  transaction.authoriseSide([await ownerOf(transaction, leftId), await ownerOf(transaction, rightId)]);
}

async function ownerOf({ state }: Transaction, accountId: string): Promise<Owner> {
  const holder = accountHolder(accountId);
  switch (holder?.kind) {
    case "aggregator":
      return { isAggregator: true };
    case "vn":
      return { vnId: holder.vnId };
    case "feid": {
      const device = await state.get(deviceAt(holder.deviceId));
      return { deviceId: holder.deviceId, ...(device === undefined ? {} : { vnId: device.vnId }) };
    }
    case undefined:
      return {};
  }
}
