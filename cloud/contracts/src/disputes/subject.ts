/**
 * A contract as a dispute sees it, whether SC1 or SC2: two sides, deadlines, money that is held, and a settlement that
 * another may take the place of. What a dispute does with money is told here once, for both.
 */
import assert from "node:assert/strict";
import { heldBack, type PaidParts, resettle } from "@gridpact/settlement";
import {
  AGGREGATOR_ACCOUNT,
  deviceAccount,
  escrowOf,
  postTransfers,
  type Transfer,
  vnAccount,
} from "../accounts/index.ts";
import { payOut, type Sc1, type Sc2, sc1At, sc2At } from "../agreement/index.ts";
import { raiseClaim } from "../claims/index.ts";
import { demand } from "../contract-error.ts";
import type { Policy } from "../programmes/index.ts";
import { hasPassed } from "../time/index.ts";
import type { Transaction } from "../transaction/index.ts";
import { type Deadlines, deadlinesOf, rulingClaimId, sc1DeadlinesOf } from "./documents.ts";

export type Subject<S extends PaidParts> = {
  readonly contractId: string;
  readonly payerId: string;
  readonly providerId: string;
  readonly policy: Policy;
  readonly deadlines: Deadlines;
  readonly state: string;
  readonly heldMicro: bigint;
  readonly settlement: S | null;
  /** Id of the claim that a ruling may leave. */
  readonly claimId: string;
  /** Writes the contract with what changed of it. */
  readonly put: (changes: { settlement: S; heldMicro: bigint }) => void;
};

/** @param evidenceHashHex - Of what a new settlement follows from; left out, that of the contract stays */
export function sc2Subject(
  { state }: Transaction,
  contract: Sc2,
  evidenceHashHex = contract.evidenceHashHex,
): Subject<NonNullable<Sc2["settlement"]>> {
  const { contractId, deviceId } = contract.terms;
  return {
    ...contract,
    contractId,
    payerId: vnAccount(contract.vnId),
    providerId: deviceAccount(deviceId),
    deadlines: deadlinesOf(contract),
    claimId: rulingClaimId("sc2", contractId),
    put: (changes) => state.put(sc2At(contractId), { ...contract, evidenceHashHex, ...changes }),
  };
}

export function sc1Subject({ state }: Transaction, contract: Sc1): Subject<NonNullable<Sc1["settlement"]>> {
  const { contractId, vnId } = contract.terms;
  return {
    ...contract,
    contractId,
    payerId: AGGREGATOR_ACCOUNT,
    providerId: vnAccount(vnId),
    deadlines: sc1DeadlinesOf(contract),
    claimId: rulingClaimId("sc1", contractId),
    put: (changes) => state.put(sc1At(contractId), { ...contract, ...changes }),
  };
}

/** Before the payment a new settlement simply takes the place of the old; after it, the held money makes it good. */
export async function endBy<S extends PaidParts>(
  transaction: Transaction,
  subject: Subject<S>,
  settlement: S | null,
): Promise<void> {
  assert(subject.settlement !== null && settlement !== null, "what is disputed was settled");
  const { heldMicro, policy, contractId, payerId, providerId } = subject;
  if (subject.state === "settled") {
    subject.put({ settlement, heldMicro });
    return;
  }
  const { holdBackPerMille } = policy;
  const moved = resettle({ before: subject.settlement, after: settlement, holdBackPerMille });
  assert.equal(moved.toProviderMicro + moved.toPayerMicro, heldMicro, `${contractId} pays out what it holds`);
  const fromId = escrowOf(contractId);
  await postTransfers(transaction, [
    { kind: "pay", fromId, toId: providerId, amountMicro: moved.toProviderMicro, contractId },
    { kind: "return", fromId, toId: payerId, amountMicro: moved.toPayerMicro, contractId },
  ]);
  subject.put({ settlement, heldMicro: 0n });
  if (moved.owedByProviderMicro > 0n) await owe(transaction, subject, [providerId, payerId], moved.owedByProviderMicro);
  if (moved.owedByPayerMicro > 0n) await owe(transaction, subject, [payerId, providerId], moved.owedByPayerMicro);
}

/**
 * Lets go of what a completed contract held back, and tells where it goes; `wrongState` is the code of its kind.
 *
 * @throws ContractError SC1_WRONG_STATE, SC2_WRONG_STATE, DISPUTE_EARLY
 */
export async function releaseHeld<S extends PaidParts>(
  transaction: Transaction,
  subject: Subject<S>,
  wrongState: "SC1_WRONG_STATE" | "SC2_WRONG_STATE",
): Promise<Transfer[]> {
  const { contractId, payerId, providerId, heldMicro, settlement, state, policy } = subject;
  const isHolding = state === "completed" && heldMicro > 0n;
  demand(isHolding, wrongState, () => `${contractId} is ${state} and holds ${heldMicro}`);
  const { openUntilUnixMs } = subject.deadlines;
  demand(await hasPassed(transaction, openUntilUnixMs), "DISPUTE_EARLY", () => `until ${openUntilUnixMs}`);
  assert(settlement !== null, "what is completed was settled");
  subject.put({ settlement, heldMicro: 0n });
  const split = heldBack(settlement, policy.holdBackPerMille);
  return payOut({ contractId, payerId, providerId, heldMicro, split });
}

async function owe<S extends PaidParts>(
  transaction: Transaction,
  { claimId, deadlines, policy }: Subject<S>,
  [debtorId, creditorId]: readonly [string, string],
  amountMicro: bigint,
): Promise<void> {
  const { ruleUntilUnixMs } = deadlines;
  await raiseClaim(transaction, {
    claimId,
    debtorId,
    creditorId,
    amountMicro,
    basis: "ruling",
    dueUnixMs: ruleUntilUnixMs,
    // As long again as the ruling could take.
    suspendFromUnixMs: ruleUntilUnixMs + policy.rulingWindowMs,
    state: "open",
  });
}
