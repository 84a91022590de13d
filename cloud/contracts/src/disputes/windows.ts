/** What may happen in which window of a dispute, for both kinds: the deadlines are those of the disputed contract. */
import { demand } from "../contract-error.ts";
import { hasPassed, isBefore } from "../time/index.ts";
import type { Document, Transaction } from "../transaction/index.ts";
import type { Deadlines } from "./documents.ts";

type Disputed = { readonly contractId: string; readonly state: string; readonly deadlines: Deadlines };

/**
 * A settled contract that nobody disputes yet, within its window; `wrongState` is the code of its kind.
 *
 * @throws ContractError DISPUTE_EXISTS, SC1_WRONG_STATE, SC2_WRONG_STATE, DISPUTE_LATE
 */
export async function demandDisputable(
  transaction: Transaction,
  { contractId, state, deadlines }: Disputed,
  { at, wrongState }: { at: Document<unknown>; wrongState: "SC1_WRONG_STATE" | "SC2_WRONG_STATE" },
): Promise<void> {
  demand((await transaction.state.get(at)) === undefined, "DISPUTE_EXISTS", () => contractId);
  const isSettled = state === "settled" || state === "completed";
  demand(isSettled, wrongState, () => `${contractId} is ${state}`);
  await demandBefore(transaction, deadlines.openUntilUnixMs);
}

/** @throws ContractError DISPUTE_LATE */
export function demandEvidenceTime(transaction: Transaction, { evidenceUntilUnixMs }: Deadlines): Promise<void> {
  return demandBefore(transaction, evidenceUntilUnixMs);
}

/** After the evidence and before its own end. @throws ContractError DISPUTE_EARLY, DISPUTE_LATE */
export async function demandRulingTime(
  transaction: Transaction,
  { evidenceUntilUnixMs, ruleUntilUnixMs }: Deadlines,
): Promise<void> {
  const isRipe = await hasPassed(transaction, evidenceUntilUnixMs);
  demand(isRipe, "DISPUTE_EARLY", () => `evidence is taken until ${evidenceUntilUnixMs}`);
  await demandBefore(transaction, ruleUntilUnixMs);
}

/** Nobody has ruled and nobody may any more. @throws ContractError DISPUTE_EARLY */
export async function demandLapsed(transaction: Transaction, { ruleUntilUnixMs }: Deadlines): Promise<void> {
  demand(await hasPassed(transaction, ruleUntilUnixMs), "DISPUTE_EARLY", () => `until ${ruleUntilUnixMs}`);
}

/** @throws ContractError DISPUTE_UNKNOWN */
export async function getDisputeAt<D>({ state }: Transaction, at: Document<D>, contractId: string): Promise<D> {
  const dispute = await state.get(at);
  demand(dispute !== undefined, "DISPUTE_UNKNOWN", () => contractId);
  return dispute;
}

/** @throws ContractError DISPUTE_UNKNOWN, DISPUTE_CLOSED */
export async function getOpenDisputeAt<D extends { readonly state: string }>(
  transaction: Transaction,
  at: Document<D>,
  contractId: string,
): Promise<D> {
  const dispute = await getDisputeAt(transaction, at, contractId);
  demand(dispute.state === "open", "DISPUTE_CLOSED", () => contractId);
  return dispute;
}

/** @throws ContractError DISPUTE_OPEN */
export async function demandNoOpenDispute(
  { state }: Transaction,
  at: Document<{ readonly state: string }>,
  contractId: string,
): Promise<void> {
  demand((await state.get(at))?.state !== "open", "DISPUTE_OPEN", () => contractId);
}

async function demandBefore(transaction: Transaction, untilUnixMs: number): Promise<void> {
  demand(await isBefore(transaction, untilUnixMs), "DISPUTE_LATE", () => `until ${untilUnixMs}`);
}
