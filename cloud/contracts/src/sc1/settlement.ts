import { type DeviceContribution, settleVirtualNode } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, postTransfers } from "../accounts/index.ts";
import {
  demandSc1State,
  getSc1,
  getSc2,
  giveBack,
  membersOf,
  SC1_VIEW,
  type Sc1,
  type Sc1View,
  type Sc2,
  sc1At,
  settlementTerms,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { CHAINCODE_EVENT, defineTransaction, ID, object, type Transaction } from "../transaction/index.ts";

export const SETTLE_SC1 = defineTransaction({
  name: "sc1:SettleDR",
  argument: object({ contractId: ID }),
  result: SC1_VIEW,
});

/**
 * Settles an SC1 from its SC2, once each of them is settled or expired. An SC1 that was never accepted expires instead,
 * and the aggregator has its money back: nothing was promised, so no deadline is needed for it.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, SC1_SC2_UNSETTLED
 */
export async function settleSc1(transaction: Transaction, { contractId }: { contractId: string }): Promise<Sc1View> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  if (contract.state === "proposed") return expire(transaction, contract);
  demandSc1State(contract, "accepted");
  const sc2ContractIds = await membersOf(transaction, contractId);
  const contributions = await contributionsOf(transaction, sc2ContractIds);
  const { terms } = contract;
  const settlement = settleVirtualNode({
    terms: settlementTerms(terms),
    intervals: terms.intervals,
    orderedWh: terms.orderedWh,
    contributions,
  });
  const settled: Sc1 = { ...contract, state: "settled", settlement };
  transaction.state.put(sc1At(contractId), settled);
  const { outcome } = settlement;
  transaction.emit(CHAINCODE_EVENT.SC1_SETTLED, { contractId, eventId: terms.eventId, vnId: terms.vnId, outcome });
  return { contract: settled, sc2ContractIds };
}

async function expire(transaction: Transaction, contract: Sc1): Promise<Sc1View> {
  const { contractId, vnId } = contract.terms;
  const expired: Sc1 = { ...contract, state: "expired", heldMicro: 0n };
  transaction.state.put(sc1At(contractId), expired);
  await postTransfers(transaction, [giveBack(contractId, AGGREGATOR_ACCOUNT, contract.heldMicro)]);
  transaction.emit(CHAINCODE_EVENT.SC1_EXPIRED, { contractId, vnId });
  return { contract: expired, sc2ContractIds: [] };
}

/** Expired SC2 were never accepted: they delivered nothing and are missing from the sum. */
async function contributionsOf(transaction: Transaction, ids: readonly string[]): Promise<DeviceContribution[]> {
  const contracts: Sc2[] = [];
  for (const id of ids) contracts.push(await getSc2(transaction, id));
  const open = contracts.filter(({ state }) => state === "proposed" || state === "accepted");
  demand(open.length === 0, "SC1_SC2_UNSETTLED", () => `${open.length} SC2, the first is ${open[0]?.terms.contractId}`);
  return contracts.flatMap(({ terms: { contractId, deviceId, kind }, settlement }) =>
    settlement === null ? [] : [{ contractId, deviceId, kind, intervals: settlement.intervals }],
  );
}
