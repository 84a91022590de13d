/** How a dispute between aggregator and virtual node ends, and what was held back for it is let go. */
import type { DeliverySum } from "@gridpact/settlement";
import { postTransfers } from "../accounts/index.ts";
import { chunksOf, getSc1, SC1_RESULT, type Sc1, type Sc1Result } from "../agreement/index.ts";
import { sc1SettlementFrom } from "../sc1/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  FLAG,
  ID,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { anewAt, SC1_DISPUTE, type Sc1Dispute, sc1DeadlinesOf, sc1DisputeAt } from "./documents.ts";
import { putSc1Dispute } from "./sc1-open.ts";
import { endBy, releaseHeld, sc1Subject } from "./subject.ts";
import { demandLapsed, demandNoOpenDispute, demandRulingTime, getOpenDisputeAt } from "./windows.ts";

export const RULE_SC1 = defineTransaction({
  name: "disputes:RuleSc1",
  argument: object({ contractId: ID, isUpheld: FLAG }),
  result: SC1_DISPUTE,
});

export const CLOSE_SC1_DISPUTE = defineTransaction({
  name: "disputes:CloseSc1",
  argument: object({ contractId: ID }),
  result: SC1_DISPUTE,
});

export const RELEASE_SC1 = defineTransaction({
  name: "disputes:ReleaseSc1",
  argument: object({ contractId: ID }),
  result: SC1_RESULT,
});

/**
 * The auditor rules, when the time for adding up anew is over. Upholding settles the SC1 from what its SC2 are settled
 * to; there is no amount to invent.
 *
 * @throws ContractError SC1_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY, DISPUTE_LATE
 */
export async function ruleSc1(
  transaction: Transaction,
  { contractId, isUpheld }: Shaped<typeof RULE_SC1.argument>,
): Promise<Sc1Dispute> {
  const contract = await getSc1(transaction, contractId);
  const dispute = await getOpenDisputeAt(transaction, sc1DisputeAt(contractId), contractId);
  await demandRulingTime(transaction, sc1DeadlinesOf(contract));
  const settlement = isUpheld ? await settledAnew(transaction, contract) : contract.settlement;
  await endBy(transaction, sc1Subject(transaction, contract), settlement);
  return putSc1Dispute(transaction, { ...dispute, state: "closed", outcome: isUpheld ? "upheld" : "rejected" });
}

/**
 * Ends a dispute that nobody ruled on in time: what was added up anew decides. Anyone may ask for it.
 *
 * @throws ContractError SC1_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY
 */
export async function closeSc1Dispute(
  transaction: Transaction,
  { contractId }: { contractId: string },
): Promise<Sc1Dispute> {
  const contract = await getSc1(transaction, contractId);
  const dispute = await getOpenDisputeAt(transaction, sc1DisputeAt(contractId), contractId);
  await demandLapsed(transaction, sc1DeadlinesOf(contract));
  await endBy(transaction, sc1Subject(transaction, contract), await settledAnew(transaction, contract));
  return putSc1Dispute(transaction, { ...dispute, state: "closed", outcome: "lapsed" });
}

/**
 * Pays what an SC1 held back, once its window for disputes is over. Anyone may ask.
 *
 * @throws ContractError SC1_UNKNOWN, SC1_WRONG_STATE, DISPUTE_EARLY, DISPUTE_OPEN
 */
export async function releaseSc1(transaction: Transaction, { contractId }: { contractId: string }): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  const transfers = await releaseHeld(transaction, sc1Subject(transaction, contract), "SC1_WRONG_STATE");
  await demandNoOpenDispute(transaction, sc1DisputeAt(contractId), contractId);
  await postTransfers(transaction, transfers);
  transaction.emit(CHAINCODE_EVENT.SC1_RELEASED, { contractId });
  return { contract: { ...contract, heldMicro: 0n } };
}

/** Chunks that nobody added up anew count as they did. */
async function settledAnew(transaction: Transaction, contract: Sc1): Promise<NonNullable<Sc1["settlement"]>> {
  const { contractId } = contract.terms;
  const sums: (readonly DeliverySum[])[] = [];
  for (const chunk of await chunksOf(transaction, contractId)) {
    const anew = await transaction.state.get(anewAt(contractId, `${chunk.chunkNo}`));
    const counted = anew?.sums ?? chunk.sums;
    if (counted !== null) sums.push(counted);
  }
  return sc1SettlementFrom(contract, sums);
}
