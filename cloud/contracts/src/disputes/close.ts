import assert from "node:assert/strict";
import { heldBack, resettle } from "@gridpact/settlement";
import { deviceAccount, escrowOf, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import { getSc2, payOut, SC2_PER_CHUNK_MAX, type Sc2, sc2At, sha256Hex } from "../agreement/index.ts";
import { raiseClaim } from "../claims/index.ts";
import { demand } from "../contract-error.ts";
import { hasPassed, isBefore } from "../time/index.ts";
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
import { getOpenDispute, putDispute } from "./open.ts";

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
  const dispute = await getOpenDispute(transaction, contractId);
  const { evidenceUntilUnixMs, ruleUntilUnixMs } = deadlinesOf(contract);
  const isRipe = await hasPassed(transaction, evidenceUntilUnixMs);
  demand(isRipe, "DISPUTE_EARLY", () => `evidence is taken until ${evidenceUntilUnixMs}`);
  demand(await isBefore(transaction, ruleUntilUnixMs), "DISPUTE_LATE", () => `until ${ruleUntilUnixMs}`);
  demand(!isUpheld || dispute.settlement !== null, "EVIDENCE_MISSING", () => "there is nothing to uphold");
  return end(
    transaction,
    { contract, dispute, settlement: isUpheld ? dispute.settlement : contract.settlement },
    {
      outcome: isUpheld ? "upheld" : "rejected",
    },
  );
}

/**
 * Ends a dispute that nobody ruled on in time: evidence that was handed in decides by itself, since it was verified;
 * without any the settlement stands. So every dispute ends, whoever falls silent. Anyone may ask for it.
 *
 * @throws ContractError SC2_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY
 */
export async function closeDispute(transaction: Transaction, { contractId }: { contractId: string }): Promise<Dispute> {
  const contract = await getSc2(transaction, contractId);
  const dispute = await getOpenDispute(transaction, contractId);
  const { ruleUntilUnixMs } = deadlinesOf(contract);
  demand(await hasPassed(transaction, ruleUntilUnixMs), "DISPUTE_EARLY", () => `until ${ruleUntilUnixMs}`);
  const settlement = dispute.settlement ?? contract.settlement;
  return end(transaction, { contract, dispute, settlement }, { outcome: "lapsed" });
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
    await checkReleasable(transaction, contract);
    transaction.state.put(sc2At(contractId), { ...contract, heldMicro: 0n });
    transfers.push(...heldTransfers(contract));
  }
  await postTransfers(transaction, transfers);
  transaction.emit(CHAINCODE_EVENT.SC2_RELEASED, { contractIds });
  return { released: contractIds.length };
}

async function checkReleasable(transaction: Transaction, contract: Sc2): Promise<void> {
  const { contractId } = contract.terms;
  const holds = contract.state === "completed" && contract.heldMicro > 0n;
  demand(holds, "SC2_WRONG_STATE", () => `${contractId} is ${contract.state} and holds ${contract.heldMicro}`);
  const { openUntilUnixMs } = deadlinesOf(contract);
  demand(await hasPassed(transaction, openUntilUnixMs), "DISPUTE_EARLY", () => `until ${openUntilUnixMs}`);
  const dispute = await transaction.state.get(disputeAt(contractId));
  demand(dispute?.state !== "open", "DISPUTE_OPEN", () => contractId);
}

function heldTransfers({ terms, vnId, heldMicro, settlement, policy }: Sc2): Transfer[] {
  assert(settlement !== null, "what is completed was settled");
  return payOut({
    contractId: terms.contractId,
    payerId: vnAccount(vnId),
    providerId: deviceAccount(terms.deviceId),
    heldMicro,
    split: heldBack(settlement, policy.holdBackPerMille),
  });
}

type Ending = { contract: Sc2; dispute: Dispute; settlement: Sc2["settlement"] };

/** Before the payment a new settlement simply takes the place of the old; after it, the held money makes it good. */
async function end(
  transaction: Transaction,
  { contract, dispute, settlement }: Ending,
  { outcome }: Pick<Dispute, "outcome">,
): Promise<Dispute> {
  const isNew = settlement !== contract.settlement;
  const evidenceHashHex = isNew ? dispute.evidenceHashHex : contract.evidenceHashHex;
  const settled: Sc2 = { ...contract, settlement, evidenceHashHex };
  const { contractId } = contract.terms;
  if (contract.state === "settled") transaction.state.put(sc2At(contractId), settled);
  else await makeGood(transaction, contract, settled);
  return putDispute(transaction, { ...dispute, state: "closed", outcome });
}

/** Pays the held money by the new settlement; what it does not cover one side owes the other. */
async function makeGood(transaction: Transaction, before: Sc2, after: Sc2): Promise<void> {
  assert(before.settlement !== null && after.settlement !== null, "what is completed was settled");
  const { contractId, deviceId } = before.terms;
  const [fromId, providerId, payerId] = [escrowOf(contractId), deviceAccount(deviceId), vnAccount(before.vnId)];
  const { holdBackPerMille } = before.policy;
  const moved = resettle({ before: before.settlement, after: after.settlement, holdBackPerMille });
  assert.equal(moved.toProviderMicro + moved.toPayerMicro, before.heldMicro, `${contractId} pays out what it holds`);
  await postTransfers(transaction, [
    { kind: "pay", fromId, toId: providerId, amountMicro: moved.toProviderMicro, contractId },
    { kind: "return", fromId, toId: payerId, amountMicro: moved.toPayerMicro, contractId },
  ]);
  transaction.state.put(sc2At(contractId), { ...after, heldMicro: 0n });
  if (moved.owedByProviderMicro > 0n) await owe(transaction, after, [providerId, payerId], moved.owedByProviderMicro);
  if (moved.owedByPayerMicro > 0n) await owe(transaction, after, [payerId, providerId], moved.owedByPayerMicro);
}

async function owe(
  transaction: Transaction,
  contract: Sc2,
  [debtorId, creditorId]: readonly [string, string],
  amountMicro: bigint,
): Promise<void> {
  const { ruleUntilUnixMs } = deadlinesOf(contract);
  await raiseClaim(transaction, {
    // Hashed, as an id of full length would leave no room for a prefix.
    claimId: `ruling:${sha256Hex(contract.terms.contractId)}`,
    debtorId,
    creditorId,
    amountMicro,
    basis: "ruling",
    dueUnixMs: ruleUntilUnixMs,
    // As long again as the ruling could take.
    suspendFromUnixMs: ruleUntilUnixMs + contract.policy.rulingWindowMs,
    state: "open",
  });
}
