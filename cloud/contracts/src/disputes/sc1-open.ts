/** Disputes between aggregator and virtual node: opened by either, evidenced by what the SC2 are settled to by now. */
import { AGGREGATOR_ACCOUNT, vnAccount } from "../accounts/index.ts";
import { CHUNK_NO, getChunk, getSc1 } from "../agreement/index.ts";
import { deliverySums } from "../sc1/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  object,
  REASON,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { ANEW, anewAt, SC1_DISPUTE, type Sc1Dispute, sc1DeadlinesOf, sc1DisputeAt } from "./documents.ts";
import { demandDisputable, demandEvidenceTime, getDisputeAt, getOpenDisputeAt } from "./windows.ts";

export const OPEN_SC1_DISPUTE = defineTransaction({
  name: "disputes:OpenSc1",
  argument: object({ contractId: ID, reason: REASON }),
  result: SC1_DISPUTE,
});

export const SUM_ANEW = defineTransaction({
  name: "disputes:SumAnew",
  argument: object({ contractId: ID, chunkNo: CHUNK_NO }),
  result: ANEW,
});

export const GET_SC1_DISPUTE = defineTransaction({
  name: "disputes:GetSc1Dispute",
  argument: object({ contractId: ID }),
  result: SC1_DISPUTE,
});

/**
 * Opens a dispute about a settled SC1: its virtual node when disputes about its SC2 moved more than it was paid for, or
 * the aggregator. What the contract holds back stays where it is from now on.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_EXISTS, SC1_WRONG_STATE, DISPUTE_LATE
 */
export async function openSc1Dispute(
  transaction: Transaction,
  { contractId, reason }: Shaped<typeof OPEN_SC1_DISPUTE.argument>,
): Promise<Sc1Dispute> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  const disputed = { contractId, state: contract.state, deadlines: sc1DeadlinesOf(contract) };
  await demandDisputable(transaction, disputed, { at: sc1DisputeAt(contractId), wrongState: "SC1_WRONG_STATE" });
  const isNode = transaction.caller.role === "vn";
  const openedById = isNode ? vnAccount(contract.terms.vnId) : AGGREGATOR_ACCOUNT;
  return putSc1Dispute(transaction, { contractId, openedById, reason, state: "open", outcome: null });
}

/**
 * Adds a chunk up anew, from its SC2 as they are settled by now. It follows from the ledger alone, so it is true
 * whoever asks for it, and may be asked for again when another SC2 of the chunk has changed.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_LATE, SC1_CHUNK_UNKNOWN
 */
export async function sumAnew(
  transaction: Transaction,
  { contractId, chunkNo }: Shaped<typeof SUM_ANEW.argument>,
): Promise<Shaped<typeof ANEW>> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  await getOpenDisputeAt(transaction, sc1DisputeAt(contractId), contractId);
  await demandEvidenceTime(transaction, sc1DeadlinesOf(contract));
  const chunk = await getChunk(transaction, contractId, chunkNo);
  const anew = { contractId, chunkNo, sums: await deliverySums(transaction, chunk, contract.terms.intervals) };
  transaction.state.put(anewAt(contractId, `${chunkNo}`), anew);
  transaction.emit(CHAINCODE_EVENT.SC1_CHUNK_SUMMED_ANEW, { contractId, chunkNo });
  return anew;
}

/** @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN */
export async function readSc1Dispute(
  transaction: Transaction,
  { contractId }: { contractId: string },
): Promise<Sc1Dispute> {
  transaction.authorise((await getSc1(transaction, contractId)).terms);
  return getDisputeAt(transaction, sc1DisputeAt(contractId), contractId);
}

export function putSc1Dispute(transaction: Transaction, dispute: Sc1Dispute): Sc1Dispute {
  const { contractId, state, outcome } = dispute;
  transaction.state.put(sc1DisputeAt(contractId), dispute);
  transaction.emit(CHAINCODE_EVENT.SC1_DISPUTE_CHANGED, { contractId, state, outcome });
  return dispute;
}
