import { canonicalJson } from "@gridpact/settlement";
import { deviceAccount, vnAccount } from "../accounts/index.ts";
import { getSc2, type Sc2, sha256Hex } from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { EVIDENCE } from "../evidence/index.ts";
import { settlementFrom } from "../sc2/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  object,
  REASON,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { DISPUTE, type Dispute, deadlinesOf, disputeAt } from "./documents.ts";
import { demandDisputable, demandEvidenceTime, getDisputeAt, getOpenDisputeAt } from "./windows.ts";

export const OPEN_DISPUTE = defineTransaction({
  name: "disputes:Open",
  argument: object({ contractId: ID, reason: REASON }),
  result: DISPUTE,
});

export const SUBMIT_EVIDENCE = defineTransaction({
  name: "disputes:SubmitEvidence",
  argument: object({ contractId: ID, evidence: EVIDENCE }),
  result: DISPUTE,
});

export const GET_DISPUTE = defineTransaction({
  name: "disputes:GetDispute",
  argument: object({ contractId: ID }),
  result: DISPUTE,
});

/**
 * Opens a dispute about a settled contract. From now on what it holds back stays where it is.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_EXISTS, SC2_WRONG_STATE, DISPUTE_LATE
 */
export async function openDispute(
  transaction: Transaction,
  { contractId, reason }: { contractId: string; reason: string },
): Promise<Dispute> {
  const contract = await getSc2(transaction, contractId);
  const { vnId, terms } = contract;
  transaction.authorise({ vnId, deviceId: terms.deviceId });
  const disputed = { contractId, state: contract.state, deadlines: deadlinesOf(contract) };
  await demandDisputable(transaction, disputed, { at: disputeAt(contractId), wrongState: "SC2_WRONG_STATE" });
  const isDevice = transaction.caller.role === "prosumer";
  return putDispute(transaction, {
    contractId,
    openedById: isDevice ? deviceAccount(terms.deviceId) : vnAccount(vnId),
    reason,
    state: "open",
    evidenceHashHex: null,
    settlement: null,
    outcome: null,
  });
}

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
  const contract = await getSc2(transaction, contractId);
  transaction.authorise({ vnId: contract.vnId, deviceId: contract.terms.deviceId });
  const dispute = await getOpenDisputeAt(transaction, disputeAt(contractId), contractId);
  await demandEvidenceTime(transaction, deadlinesOf(contract));
  const settlement = await settlementFrom(transaction, contract, evidence);
  const known = unboundedIn(dispute.settlement ?? contract.settlement);
  const isMore = unboundedIn(settlement) < known;
  demand(isMore, "DISPUTE_EVIDENCE_WEAKER", () => `${known} intervals are without evidence so far`);
  return putDispute(transaction, { ...dispute, settlement, evidenceHashHex: sha256Hex(canonicalJson(evidence)) });
}

/** @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN */
export async function readDispute(transaction: Transaction, { contractId }: { contractId: string }): Promise<Dispute> {
  const { vnId, terms } = await getSc2(transaction, contractId);
  transaction.authorise({ vnId, deviceId: terms.deviceId });
  return getDisputeAt(transaction, disputeAt(contractId), contractId);
}

export function putDispute(transaction: Transaction, dispute: Dispute): Dispute {
  const { contractId, state, outcome } = dispute;
  transaction.state.put(disputeAt(contractId), dispute);
  transaction.emit(CHAINCODE_EVENT.DISPUTE_CHANGED, { contractId, state, outcome });
  return dispute;
}

/** Intervals that no signed registers bound. */
function unboundedIn(settlement: Sc2["settlement"]): number {
  return settlement?.intervals.filter(({ actualWh }) => actualWh === null).length ?? 0;
}
