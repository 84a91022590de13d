/** Disputes between virtual node and prosumer: opened by either, decided by evidence verified as at settlement. */
import { canonicalJson } from "@gridpact/settlement";
import { deviceAccount, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import { getSc2, SC2_PER_CHUNK_MAX, type Sc2, sc2At, sha256Hex } from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { EVIDENCE } from "../evidence/index.ts";
import { settlementFrom } from "../sc2/index.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  defineTransaction,
  ID,
  list,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { Disputes } from "./course.ts";
import { ABOUT, DISPUTE, type Dispute, deadlinesOf, disputeAt, OPENING, RULING, rulingClaimId } from "./documents.ts";
import { releaseHeld, type Subject } from "./subject.ts";

/** By node or device; a node opens one for its device when readings came late (`show-late-readings.ts`). */
export const OPEN_DISPUTE = defineTransaction({ name: "disputes:Open", argument: OPENING, result: DISPUTE });

/** The evidence is not kept: its hash is, and it lies in the block. */
export const SUBMIT_EVIDENCE = defineTransaction({
  name: "disputes:SubmitEvidence",
  argument: object({ contractId: ID, evidence: EVIDENCE }),
  result: DISPUTE,
});

/** By the auditor (`gridpact dispute rule`), within the ruling window. */
export const RULE = defineTransaction({ name: "disputes:Rule", argument: RULING, result: DISPUTE });

/** After the ruling window, by anyone concerned. */
export const CLOSE_DISPUTE = defineTransaction({ name: "disputes:Close", argument: ABOUT, result: DISPUTE });

/** Of a chunk at most, all of them or none: one that is disputed has to be left out. */
export const RELEASE = defineTransaction({
  name: "disputes:Release",
  argument: object({ contractIds: list(ID, { min: 1, max: SC2_PER_CHUNK_MAX }) }),
  result: object({ released: COUNT }),
});

/** Refused with DISPUTE_UNKNOWN where there is none. */
export const GET_DISPUTE = defineTransaction({ name: "disputes:GetDispute", argument: ABOUT, result: DISPUTE });

/** Opened by node or device; what follows from evidence was noted when it was handed in. */
export const SC2_DISPUTES = new Disputes<Sc2, NonNullable<Sc2["settlement"]>, Dispute>({
  getContract: getSc2,
  ownerOf: ({ vnId, terms }) => ({ vnId, deviceId: terms.deviceId }),
  subjectOf: sc2Subject,
  opened: ({ caller }, { vnId, terms: { contractId, deviceId } }, reason) => ({
    contractId,
    openedById: caller.role === "prosumer" ? deviceAccount(deviceId) : vnAccount(vnId),
    reason,
    state: "open",
    evidenceHashHex: null,
    settlement: null,
    outcome: null,
  }),
  settledAnew: async (_, __, { settlement }) => settlement,
});

/**
 * Hands in evidence. It is verified as at settlement, so it is true whoever brings it; it counts when it bounds more
 * intervals than what the contract was settled from, or than what was handed in before.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_LATE,
 *   DISPUTE_EVIDENCE_WEAKER, or as `verifyEvidence` does
 */
export async function submitEvidence(
  transaction: Transaction,
  { contractId, evidence }: Shaped<typeof SUBMIT_EVIDENCE.argument>,
): Promise<Dispute> {
  const { contract, subject, dispute } = await SC2_DISPUTES.takingEvidence(transaction, contractId);
  const settlement = await settlementFrom(transaction, contract, evidence);
  const known = unboundedIn(dispute.settlement ?? contract.settlement);
  const isMore = unboundedIn(settlement) < known;
  demand(isMore, "DISPUTE_EVIDENCE_WEAKER", () => `${known} intervals are without evidence so far`);
  const evidenceHashHex = sha256Hex(canonicalJson(evidence));
  return SC2_DISPUTES.put(transaction, subject, { ...dispute, settlement, evidenceHashHex });
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
    transfers.push(...(await releaseHeld(transaction, sc2Subject(transaction, contract))));
  }
  await postTransfers(transaction, transfers);
  transaction.emit(CHAINCODE_EVENT.SC2_RELEASED, { contractIds });
  return { released: contractIds.length };
}

/** With a new settlement the contract also names the evidence that it follows from, that of the dispute. */
function sc2Subject(
  { state }: Transaction,
  contract: Sc2,
  dispute?: Dispute,
): Subject<NonNullable<Sc2["settlement"]>, Dispute> {
  const { contractId, deviceId } = contract.terms;
  return {
    ...contract,
    contractId,
    payerId: vnAccount(contract.vnId),
    providerId: deviceAccount(deviceId),
    deadlines: deadlinesOf(contract),
    claimId: rulingClaimId("sc2", contractId),
    wrongState: "SC2_WRONG_STATE",
    disputeAt: disputeAt(contractId),
    changedEvent: CHAINCODE_EVENT.DISPUTE_CHANGED,
    put: (changes) => {
      const isNew = dispute !== undefined && changes.settlement === dispute.settlement;
      const { evidenceHashHex } = isNew ? dispute : contract;
      state.put(sc2At(contractId), { ...contract, evidenceHashHex, ...changes });
    },
  };
}

/** Intervals that no signed registers bound. */
function unboundedIn(settlement: Sc2["settlement"]): number {
  return settlement?.intervals.filter(({ actualWh }) => actualWh === null).length ?? 0;
}
