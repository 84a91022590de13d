import {
  type ChunkOfSc2,
  deadlinesOf,
  recomputeSc1,
  type Sc1,
  type Sc2,
  sc1DeadlinesOf,
  type TransactionName,
  type TransactionResult,
} from "@gridpact/contracts";
import type { Ledger } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";
import { ask, unlessUnknown } from "../parts/members.ts";

type Deadlines = ReturnType<typeof deadlinesOf>;

type Subject<K extends "sc1" | "sc2", C, N extends TransactionName> = {
  kind: K;
  contractId: string;
  vnId: string;
  contract: C;
  deadlines: Deadlines;
  /** Null while nobody disputes it. */
  dispute: TransactionResult<N> | null;
};

/** A contract as its disputes see it: with a virtual node (SC1), or with a device (SC2). */
export type DisputedContract =
  | Subject<"sc2", Sc2, "disputes:GetDispute">
  | (Subject<"sc1", Sc1, "disputes:GetSc1Dispute"> & {
      /** What it would be settled to from its SC2 as they are now; null while it is not settled. */
      recomputed: ReturnType<typeof recomputeSc1> | null;
    });

/**
 * Reads a contract by its id, whichever kind it is of, with the dispute about it.
 * @throws CliError INPUT when the ledger has no such contract
 */
export async function readDisputed(ledger: Pick<Ledger, "evaluate">, contractId: string): Promise<DisputedContract> {
  const sc1 = await unlessUnknown("SC1_UNKNOWN", () => ask(ledger, "sc1:GetContract", { contractId }));
  if (sc1 !== undefined) return sc1Subject(ledger, sc1);
  const contract = await unlessUnknown("SC2_UNKNOWN", () => ask(ledger, "sc2:GetContract", { contractId }));
  if (contract === undefined) throw new CliError("INPUT", `the ledger has no contract ${contractId}`);
  const dispute = await unlessUnknown("DISPUTE_UNKNOWN", () => ask(ledger, "disputes:GetDispute", { contractId }));
  const { vnId } = contract;
  return { kind: "sc2", contractId, vnId, contract, deadlines: deadlinesOf(contract), dispute: dispute ?? null };
}

async function sc1Subject(
  ledger: Pick<Ledger, "evaluate">,
  { contract, chunks }: TransactionResult<"sc1:GetContract">,
): Promise<DisputedContract> {
  const { contractId, vnId } = contract.terms;
  const dispute = await unlessUnknown("DISPUTE_UNKNOWN", () => ask(ledger, "disputes:GetSc1Dispute", { contractId }));
  const chunkNos = chunks.map(({ chunkNo }) => chunkNo);
  const recomputed =
    contract.settlement === null ? null : recomputeSc1(contract, await chunksOf(ledger, contractId, chunkNos));
  const deadlines = sc1DeadlinesOf(contract);
  return { kind: "sc1", contractId, vnId, contract, deadlines, dispute: dispute ?? null, recomputed };
}

async function chunksOf(
  ledger: Pick<Ledger, "evaluate">,
  contractId: string,
  chunkNos: readonly number[],
): Promise<ChunkOfSc2[]> {
  const found: ChunkOfSc2[] = [];
  for (const chunkNo of chunkNos) {
    const chunk = await ask(ledger, "sc1:GetChunk", { contractId, chunkNo });
    const contracts: Sc2[] = [];
    for (const id of chunk.sc2ContractIds) contracts.push(await ask(ledger, "sc2:GetContract", { contractId: id }));
    found.push({ chunk, contracts });
  }
  return found;
}
