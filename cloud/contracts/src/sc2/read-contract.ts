import { getSc2, SC2, type Sc2 } from "../agreement/index.ts";
import { defineTransaction, ID, object, type Transaction } from "../transaction/index.ts";

/** For all but the DSO, to whom a prosumer's energy is not shown. */
export const GET_SC2 = defineTransaction({
  name: "sc2:GetContract",
  argument: object({ contractId: ID }),
  result: SC2,
});

/**
 * An SC2, for its two sides and those who may look at all.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER
 */
export async function readSc2(transaction: Transaction, { contractId }: { contractId: string }): Promise<Sc2> {
  const contract = await getSc2(transaction, contractId);
  transaction.authorise({ vnId: contract.vnId, deviceId: contract.terms.deviceId });
  return contract;
}
