/**
 * A contract as a dispute sees it, whether SC1 or SC2: two sides, deadlines, money that is held, a settlement that
 * another may take the place of, and where its dispute stands. What a dispute does with money is told here once.
 */
import assert from "node:assert/strict";
import { heldBack, type PaidParts, resettle } from "@gridpact/settlement";
import { escrowOf, postTransfers, type Transfer } from "../accounts/index.ts";
import { payOut } from "../agreement/index.ts";
import { raiseClaim } from "../claims/index.ts";
import { demand } from "../contract-error.ts";
import type { Policy } from "../programmes/index.ts";
import { hasPassed } from "../time/index.ts";
import type { CHAINCODE_EVENT, Document, Transaction } from "../transaction/index.ts";
import { type Deadlines, type Dispute, suspendableFromUnixMs } from "./documents.ts";

/** What both kinds of disputes have. */
export type Course = Pick<Dispute, "contractId" | "state" | "outcome">;

/** Made anew for each transaction; `put` may be called once, as it writes the contract as it was read. */
export type Subject<S extends PaidParts, D extends Course = Course> = {
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
  /** Code of the refusal when the contract's state does not allow what is asked. */
  readonly wrongState: "SC1_WRONG_STATE" | "SC2_WRONG_STATE";
  readonly disputeAt: Document<D>;
  /** Event of every change of the dispute. */
  readonly changedEvent: typeof CHAINCODE_EVENT.DISPUTE_CHANGED | typeof CHAINCODE_EVENT.SC1_DISPUTE_CHANGED;
  /** Writes the contract with what changed of it. */
  readonly put: (changes: { settlement: S; heldMicro: bigint }) => void;
};

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
 * Lets go of what a completed contract held back, and tells where it goes.
 *
 * @throws ContractError SC1_WRONG_STATE, SC2_WRONG_STATE, DISPUTE_EARLY, DISPUTE_OPEN
 */
export async function releaseHeld<S extends PaidParts>(
  transaction: Transaction,
  subject: Subject<S>,
): Promise<Transfer[]> {
  const { contractId, payerId, providerId, heldMicro, settlement, state, policy, wrongState } = subject;
  const isHolding = state === "completed" && heldMicro > 0n;
  demand(isHolding, wrongState, () => `${contractId} is ${state} and holds ${heldMicro}`);
  const { openUntilUnixMs } = subject.deadlines;
  demand(await hasPassed(transaction, openUntilUnixMs), "DISPUTE_EARLY", () => `until ${openUntilUnixMs}`);
  assert(settlement !== null, "what is completed was settled");
  const dispute = await transaction.state.get(subject.disputeAt);
  demand(dispute?.state !== "open", "DISPUTE_OPEN", () => contractId);
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
  await raiseClaim(transaction, {
    claimId,
    debtorId,
    creditorId,
    amountMicro,
    basis: "ruling",
    dueUnixMs: deadlines.ruleUntilUnixMs,
    suspendFromUnixMs: suspendableFromUnixMs(deadlines, policy),
    state: "open",
  });
}
