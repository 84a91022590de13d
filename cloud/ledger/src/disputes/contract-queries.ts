import {
  type ChunkOfSc2,
  readResult,
  type TransactionArgument,
  type TransactionName,
  type TransactionResult,
} from "@gridpact/contracts";
import type { EvaluateOptions, Ledger } from "../client/index.ts";
import { ledgerRefusal } from "../outbox/index.ts";

type LedgerReader = Pick<Ledger, "evaluate">;

/**
 * Asks the ledger, with energies and money in the answer as bigint. @throws EvaluateError; ContractError RESULT_INVALID
 * when a peer answers something else
 */
export async function ask<N extends TransactionName>(
  ledger: LedgerReader,
  name: N,
  argument: TransactionArgument<N>,
  options: EvaluateOptions = {},
): Promise<TransactionResult<N>> {
  const answer = await ledger.evaluate(name, argument as never, options);
  return readResult(name, answer as Parameters<typeof readResult>[1]);
}

/** Undefined while nobody disputes the contract. */
export function sc1DisputeOf(ledger: LedgerReader, contractId: string) {
  return unlessRefused(["DISPUTE_UNKNOWN"], () => ask(ledger, "disputes:GetSc1Dispute", { contractId }));
}

/** Undefined while nobody disputes the contract. */
export function sc2DisputeOf(ledger: LedgerReader, contractId: string) {
  return unlessRefused(["DISPUTE_UNKNOWN"], () => ask(ledger, "disputes:GetDispute", { contractId }));
}

/** Undefined when there is none, or none that the caller may see. */
export function claimOf(ledger: LedgerReader, claimId: string) {
  return unlessRefused(["CLAIM_UNKNOWN", "ACCESS_NOT_OWNER"], () => ask(ledger, "claims:GetClaim", { claimId }));
}

/** All SC2 under an SC1, chunk by chunk. */
export async function chunksOfSc2(
  ledger: LedgerReader,
  sc1Id: string,
  chunkNos: readonly number[],
): Promise<ChunkOfSc2[]> {
  const found: ChunkOfSc2[] = [];
  for (const chunkNo of chunkNos) {
    const chunk = await ask(ledger, "sc1:GetChunk", { contractId: sc1Id, chunkNo });
    const contracts = [];
    for (const contractId of chunk.sc2ContractIds) contracts.push(await ask(ledger, "sc2:GetContract", { contractId }));
    found.push({ chunk, contracts });
  }
  return found;
}

/** Undefined when the contract refuses for one of these reasons. */
export async function unlessRefused<T>(codes: readonly string[], question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (codes.includes(ledgerRefusal(error) ?? "")) return undefined;
    throw error;
  }
}
