/** Disputes between aggregator and virtual node: opened by either, decided by what the SC2 are settled to by now. */
import type { DeliverySum } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, postTransfers, vnAccount } from "../accounts/index.ts";
import {
  CHUNK_NO,
  chunksOf,
  getChunk,
  getSc1,
  SC1_RESULT,
  type Sc1,
  type Sc1Result,
  sc1At,
} from "../agreement/index.ts";
import { deliverySums, sc1SettlementFrom } from "../sc1/index.ts";
import { CHAINCODE_EVENT, defineTransaction, ID, object, type Shaped, type Transaction } from "../transaction/index.ts";
import { Disputes } from "./course.ts";
import {
  ABOUT,
  ANEW,
  anewAt,
  OPENING,
  RULING,
  rulingClaimId,
  SC1_DISPUTE,
  type Sc1Dispute,
  sc1DeadlinesOf,
  sc1DisputeAt,
} from "./documents.ts";
import { releaseHeld, type Subject } from "./subject.ts";

/** By aggregator or node, mostly their dispute keepers. */
export const OPEN_SC1_DISPUTE = defineTransaction({ name: "disputes:OpenSc1", argument: OPENING, result: SC1_DISPUTE });

/** One chunk in each transaction, for the reason that there are chunks. */
export const SUM_ANEW = defineTransaction({
  name: "disputes:SumAnew",
  argument: object({ contractId: ID, chunkNo: CHUNK_NO }),
  result: ANEW,
});

/** By the auditor, within the ruling window. */
export const RULE_SC1 = defineTransaction({ name: "disputes:RuleSc1", argument: RULING, result: SC1_DISPUTE });

/** After the ruling window, by anyone concerned. */
export const CLOSE_SC1_DISPUTE = defineTransaction({ name: "disputes:CloseSc1", argument: ABOUT, result: SC1_DISPUTE });

/** Of one that still holds something back: nobody disputed it, or the dispute ended before it was paid. */
export const RELEASE_SC1 = defineTransaction({ name: "disputes:ReleaseSc1", argument: ABOUT, result: SC1_RESULT });

/** Refused with DISPUTE_UNKNOWN where there is none. */
export const GET_SC1_DISPUTE = defineTransaction({
  name: "disputes:GetSc1Dispute",
  argument: ABOUT,
  result: SC1_DISPUTE,
});

/** Opened by its virtual node, when disputes about its SC2 moved more than it was paid for, or by the aggregator. */
export const SC1_DISPUTES = new Disputes<Sc1, NonNullable<Sc1["settlement"]>, Sc1Dispute>({
  getContract: getSc1,
  ownerOf: ({ terms }) => terms,
  subjectOf: sc1Subject,
  opened: ({ caller }, { terms: { contractId, vnId } }, reason) => {
    const openedById = caller.role === "vn" ? vnAccount(vnId) : AGGREGATOR_ACCOUNT;
    return { contractId, openedById, reason, state: "open", outcome: null };
  },
  settledAnew,
});

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
  const { contract } = await SC1_DISPUTES.takingEvidence(transaction, contractId);
  const chunk = await getChunk(transaction, contractId, chunkNo);
  const anew = { contractId, chunkNo, sums: await deliverySums(transaction, chunk, contract.terms.intervals) };
  transaction.state.put(anewAt(contractId, `${chunkNo}`), anew);
  transaction.emit(CHAINCODE_EVENT.SC1_CHUNK_SUMMED_ANEW, { contractId, chunkNo });
  return anew;
}

/**
 * Pays what an SC1 held back, once its window for disputes is over. Anyone may ask.
 *
 * @throws ContractError SC1_UNKNOWN, SC1_WRONG_STATE, DISPUTE_EARLY, DISPUTE_OPEN
 */
export async function releaseSc1(
  transaction: Transaction,
  { contractId }: Shaped<typeof RELEASE_SC1.argument>,
): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  await postTransfers(transaction, await releaseHeld(transaction, sc1Subject(transaction, contract)));
  transaction.emit(CHAINCODE_EVENT.SC1_RELEASED, { contractId });
  return { contract: { ...contract, heldMicro: 0n } };
}

function sc1Subject({ state }: Transaction, contract: Sc1): Subject<NonNullable<Sc1["settlement"]>, Sc1Dispute> {
  const { contractId, vnId } = contract.terms;
  return {
    ...contract,
    contractId,
    payerId: AGGREGATOR_ACCOUNT,
    providerId: vnAccount(vnId),
    deadlines: sc1DeadlinesOf(contract),
    claimId: rulingClaimId("sc1", contractId),
    wrongState: "SC1_WRONG_STATE",
    disputeAt: sc1DisputeAt(contractId),
    changedEvent: CHAINCODE_EVENT.SC1_DISPUTE_CHANGED,
    put: (changes) => state.put(sc1At(contractId), { ...contract, ...changes }),
  };
}

/** Chunks that nobody added up anew count as they did, so there is always something to uphold. */
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
