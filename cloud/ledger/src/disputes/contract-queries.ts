import { type ChunkOfSc2, readResult, type TransactionName } from "@gridpact/contracts";
import type { Ledger, LedgerArgument } from "../client/index.ts";
import { ledgerRefusal } from "../outbox/index.ts";

type LedgerReader = Pick<Ledger, "evaluate">;

export async function query<N extends TransactionName>(ledger: LedgerReader, name: N, argument: LedgerArgument) {
  return readResult(name, (await ledger.evaluate(name, argument)) as Parameters<typeof readResult>[1]);
}

/** Undefined while nobody disputes the contract. */
export function sc1DisputeOf(ledger: LedgerReader, contractId: string) {
  return unlessRefused(["DISPUTE_UNKNOWN"], () => query(ledger, "disputes:GetSc1Dispute", { contractId }));
}

export function sc2DisputeOf(ledger: LedgerReader, contractId: string) {
  return unlessRefused(["DISPUTE_UNKNOWN"], () => query(ledger, "disputes:GetDispute", { contractId }));
}

/** Undefined when there is none, or none that the caller may see. */
export function claimOf(ledger: LedgerReader, claimId: string) {
  return unlessRefused(["CLAIM_UNKNOWN", "ACCESS_NOT_OWNER"], () => query(ledger, "claims:GetClaim", { claimId }));
}

/** All SC2 under an SC1, chunk by chunk. */
export async function chunksOfSc2(
  ledger: LedgerReader,
  sc1Id: string,
  chunkNos: readonly number[],
): Promise<ChunkOfSc2[]> {
  const found: ChunkOfSc2[] = [];
  for (const chunkNo of chunkNos) {
    const chunk = await query(ledger, "sc1:GetChunk", { contractId: sc1Id, chunkNo });
    const contracts = [];
    for (const contractId of chunk.sc2ContractIds)
      contracts.push(await query(ledger, "sc2:GetContract", { contractId }));
    found.push({ chunk, contracts });
  }
  return found;
}

/** Undefined when the contract refuses for one of these reasons. */
export async function unlessRefused<T>(codes: readonly string[], ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (codes.includes(ledgerRefusal(error) ?? "")) return undefined;
    throw error;
  }
}
