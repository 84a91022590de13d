import assert from "node:assert/strict";
import { AGGREGATOR_ACCOUNT, deviceAccount, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  demandSc1State,
  getSc1,
  getSc2,
  membersOf,
  payOut,
  SC1_VIEW,
  type Sc1,
  type Sc1View,
  type Sc2,
  sc1At,
  sc2At,
} from "../agreement/index.ts";
import { CHAINCODE_EVENT, defineTransaction, ID, object, type Transaction } from "../transaction/index.ts";

export const COMPLETE_SC1 = defineTransaction({
  name: "sc1:DRCompletion",
  argument: object({ contractId: ID }),
  result: SC1_VIEW,
});

/**
 * Pays: the SC1 and every settled SC2 under it pay out what they hold, in one transaction, so that no prosumer is paid
 * without the virtual node and none is forgotten. A second completion finds the SC1 completed and is refused.
 *
 * @throws ContractError SC1_UNKNOWN, SC1_WRONG_STATE
 */
export async function completeSc1(transaction: Transaction, { contractId }: { contractId: string }): Promise<Sc1View> {
  const contract = await getSc1(transaction, contractId);
  demandSc1State(contract, "settled");
  const sc2ContractIds = await membersOf(transaction, contractId);
  const transfers = payOutSc1(contract);
  for (const id of sc2ContractIds) transfers.push(...completeSc2(transaction, await getSc2(transaction, id)));
  await postTransfers(transaction, transfers);
  const completed: Sc1 = { ...contract, state: "completed", heldMicro: 0n };
  transaction.state.put(sc1At(contractId), completed);
  const { eventId, vnId } = contract.terms;
  transaction.emit(CHAINCODE_EVENT.SC1_COMPLETED, { contractId, eventId, vnId, sc2ContractIds });
  return { contract: completed, sc2ContractIds };
}

function payOutSc1({ terms: { contractId, vnId }, heldMicro, settlement }: Sc1): Transfer[] {
  assert(settlement !== null, `${contractId} is settled`);
  return payOut({ contractId, payerId: AGGREGATOR_ACCOUNT, providerId: vnAccount(vnId), heldMicro, split: settlement });
}

/** An expired SC2 holds nothing any more and stays as it is. */
function completeSc2({ state }: Transaction, contract: Sc2): Transfer[] {
  const { terms, vnId, heldMicro, settlement } = contract;
  if (settlement === null) return [];
  const { contractId, deviceId } = terms;
  state.put(sc2At(contractId), { ...contract, state: "completed", heldMicro: 0n });
  return payOut({
    contractId,
    payerId: vnAccount(vnId),
    providerId: deviceAccount(deviceId),
    heldMicro,
    split: settlement,
  });
}
