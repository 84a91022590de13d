import { postTransfers, type Transfer } from "../accounts/index.ts";
import { getSc2, SC2_PER_CHUNK_MAX, type Sc2 } from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  defineTransaction,
  FLAG,
  ID,
  list,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { DISPUTE, type Dispute, deadlinesOf, disputeAt } from "./documents.ts";
import { putDispute } from "./open.ts";
import { endBy, releaseHeld, sc2Subject } from "./subject.ts";
import { demandLapsed, demandNoOpenDispute, demandRulingTime, getOpenDisputeAt } from "./windows.ts";

export const RULE = defineTransaction({
  name: "disputes:Rule",
  argument: object({ contractId: ID, isUpheld: FLAG }),
  result: DISPUTE,
});

export const CLOSE_DISPUTE = defineTransaction({
  name: "disputes:Close",
  argument: object({ contractId: ID }),
  result: DISPUTE,
});

export const RELEASE = defineTransaction({
  name: "disputes:Release",
  argument: object({ contractIds: list(ID, { min: 1, max: SC2_PER_CHUNK_MAX }) }),
  result: object({ released: COUNT }),
});

/**
 * The auditor rules, when the time for evidence is over. Upholding settles the contract anew from the evidence handed
 * in; there is nothing else to uphold, so nobody's word alone moves money.
 *
 * @throws ContractError SC2_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY, DISPUTE_LATE, EVIDENCE_MISSING
 */
export async function rule(
  transaction: Transaction,
  { contractId, isUpheld }: { contractId: string; isUpheld: boolean },
): Promise<Dispute> {
  const contract = await getSc2(transaction, contractId);
  const dispute = await getOpenDisputeAt(transaction, disputeAt(contractId), contractId);
  await demandRulingTime(transaction, deadlinesOf(contract));
  demand(!isUpheld || dispute.settlement !== null, "EVIDENCE_MISSING", () => "there is nothing to uphold");
  const outcome = isUpheld ? "upheld" : "rejected";
  return end(transaction, { contract, dispute, settlement: isUpheld ? dispute.settlement : null, outcome });
}

/**
 * Ends a dispute that nobody ruled on in time: evidence that was handed in decides by itself, since it was verified;
 * without any the settlement stands. So every dispute ends, whoever falls silent. Anyone may ask for it.
 *
 * @throws ContractError SC2_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY
 */
export async function closeDispute(transaction: Transaction, { contractId }: { contractId: string }): Promise<Dispute> {
  const contract = await getSc2(transaction, contractId);
  const dispute = await getOpenDisputeAt(transaction, disputeAt(contractId), contractId);
  await demandLapsed(transaction, deadlinesOf(contract));
  return end(transaction, { contract, dispute, settlement: dispute.settlement, outcome: "lapsed" });
}

/**
 * Pays what contracts held back, once the channel believes that their window for disputes is over. Anyone may ask.
 *
 * @throws ContractError SC2_UNKNOWN, SC2_WRONG_STATE, DISPUTE_EARLY, DISPUTE_OPEN
 */
export async function release(
  transaction: Transaction,
  { contractIds }: Shaped<typeof RELEASE.argument>,
): Promise<{ released: number }> {
  const transfers: Transfer[] = [];
  for (const contractId of contractIds) {
    const contract = await getSc2(transaction, contractId);
    transfers.push(...(await releaseHeld(transaction, sc2Subject(transaction, contract), "SC2_WRONG_STATE")));
    await demandNoOpenDispute(transaction, disputeAt(contractId), contractId);
  }
  await postTransfers(transaction, transfers);
  transaction.emit(CHAINCODE_EVENT.SC2_RELEASED, { contractIds });
  return { released: contractIds.length };
}

type Ending = Pick<Dispute, "settlement" | "outcome"> & { contract: Sc2; dispute: Dispute };

/** Without a new settlement that of the contract stands. */
async function end(transaction: Transaction, { contract, dispute, settlement, outcome }: Ending): Promise<Dispute> {
  const evidenceHashHex = settlement === null ? contract.evidenceHashHex : dispute.evidenceHashHex;
  const subject = sc2Subject(transaction, contract, evidenceHashHex);
  await endBy(transaction, subject, settlement ?? contract.settlement);
  return putDispute(transaction, { ...dispute, state: "closed", outcome });
}
