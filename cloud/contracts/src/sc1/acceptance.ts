import { AGGREGATOR_ACCOUNT, postTransfers, vnAccount } from "../accounts/index.ts";
import {
  BASELINES,
  type Baselines,
  baselineCommitment,
  checkPerInterval,
  committedBaselineAt,
  demandSc1State,
  getSc1,
  giveBack,
  lock,
  SC1_COMMITMENT_FIELDS,
  SC1_RESULT,
  type Sc1,
  type Sc1Result,
  sc1At,
  startOf,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { demandGoodStanding } from "../standing/index.ts";
import { isBefore } from "../time/index.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  defineTransaction,
  ID,
  object,
  REASON,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";

/** By the node's agent. `baselines` may be empty when all were committed before; the hash is of those given here. */
export const ACCEPT_SC1 = defineTransaction({
  name: "sc1:AcceptReduction",
  argument: object({ contractId: ID, ...SC1_COMMITMENT_FIELDS, baselines: BASELINES }),
  result: SC1_RESULT,
});

/** As often as needed; each device once. */
export const COMMIT_BASELINES = defineTransaction({
  name: "sc1:CommitBaselines",
  argument: object({ contractId: ID, baselines: BASELINES }),
  result: object({ committed: COUNT }),
});

/** By the node. One that says nothing is not refused but expires. */
export const REFUSE_SC1 = defineTransaction({
  name: "sc1:RefuseReduction",
  argument: object({ contractId: ID, reason: REASON }),
  result: SC1_RESULT,
});

/**
 * Commits baselines ahead of the acceptance, part by part, for a virtual node with more devices than one transaction
 * carries. The acceptance ends it: whatever is on the ledger then was committed before the event.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, TERMS_INVALID, SC1_BASELINE_COMMITTED
 */
export async function commitBaselines(
  transaction: Transaction,
  { contractId, baselines }: Shaped<typeof COMMIT_BASELINES.argument>,
): Promise<{ committed: number }> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  demandSc1State(contract, "proposed");
  checkPerInterval(contract.terms.intervals, baselines);
  await putBaselines(transaction, contractId, baselines);
  return { committed: Object.keys(baselines).length };
}

/**
 * The virtual node accepts, locks its deposit, and commits baselines, forecast, plan and nomination before the event.
 * It is too late when the channel believes that the event began, or when the client says so itself; see `isBefore`.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, PARTY_SUSPENDED, SC1_LATE_ACCEPTANCE,
 *   TERMS_INVALID,
 *   SC1_BASELINE_MISMATCH, SC1_BASELINE_COMMITTED, ACCOUNT_INSUFFICIENT
 */
export async function acceptSc1(
  transaction: Transaction,
  { contractId, baselines, ...commitment }: Shaped<typeof ACCEPT_SC1.argument>,
): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  const { terms } = contract;
  transaction.authorise(terms);
  demandSc1State(contract, "proposed");
  await demandGoodStanding(transaction, vnAccount(terms.vnId));
  const isInTime = await isBefore(transaction, startOf(terms));
  demand(isInTime, "SC1_LATE_ACCEPTANCE", () => `${contractId} began at ${startOf(terms)}`);
  checkPerInterval(terms.intervals, { nominatedWh: commitment.nominatedWh, ...baselines });
  const isCommitted = baselineCommitment(baselines) === commitment.baselineCommitmentHex;
  demand(isCommitted, "SC1_BASELINE_MISMATCH", () => "the commitment is not that of the baselines");
  await putBaselines(transaction, contractId, baselines);
  await postTransfers(transaction, [lock(contractId, vnAccount(terms.vnId), terms.penaltyCapMicro)]);
  const heldMicro = contract.heldMicro + terms.penaltyCapMicro;
  const accepted: Sc1 = { ...contract, state: "accepted", heldMicro, commitment };
  transaction.state.put(sc1At(contractId), accepted);
  transaction.emit(CHAINCODE_EVENT.SC1_ACCEPTED, { contractId, vnId: terms.vnId });
  return { contract: accepted };
}

/**
 * The virtual node declines; the aggregator has its money back and may turn to a fallback.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE
 */
export async function refuseSc1(
  transaction: Transaction,
  { contractId, reason }: { contractId: string; reason: string },
): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  demandSc1State(contract, "proposed");
  const refused: Sc1 = { ...contract, state: "refused", heldMicro: 0n, refusal: reason };
  transaction.state.put(sc1At(contractId), refused);
  await postTransfers(transaction, [giveBack(contractId, AGGREGATOR_ACCOUNT, contract.heldMicro)]);
  transaction.emit(CHAINCODE_EVENT.SC1_REFUSED, { contractId, vnId: contract.terms.vnId });
  return { contract: refused };
}

async function putBaselines({ state }: Transaction, contractId: string, baselines: Baselines): Promise<void> {
  for (const [deviceId, baselineWh] of Object.entries(baselines)) {
    const committed = committedBaselineAt(contractId, deviceId);
    demand((await state.get(committed)) === undefined, "SC1_BASELINE_COMMITTED", () => `${deviceId} has one already`);
    state.put(committed, { deviceId, baselineWh });
  }
}
