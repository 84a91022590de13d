import {
  deadlinesOf,
  recomputeSc1,
  type Sc1,
  type Sc2,
  sc1DeadlinesOf,
  type TransactionName,
  type TransactionResult,
} from "@gridpact/contracts";
import { ask, chunksOfSc2, type Ledger, unlessRefused } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";

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

/** A device's contract, which its owner may read as well. */
export type DisputedSc2 = Subject<"sc2", Sc2, "disputes:GetDispute">;

/** A contract as its disputes see it: with a virtual node (SC1), or with a device (SC2). */
export type DisputedContract =
  | DisputedSc2
  | (Subject<"sc1", Sc1, "disputes:GetSc1Dispute"> & {
      /** What it would be settled to from its SC2 as they are now; null while it is not settled. */
      recomputed: ReturnType<typeof recomputeSc1> | null;
    });

/**
 * Reads a contract by its id, whichever kind it is of, with the dispute about it.
 * @throws CliError INPUT when the ledger has no such contract
 */
export async function readDisputed(ledger: Pick<Ledger, "evaluate">, contractId: string): Promise<DisputedContract> {
  const sc1 = await unlessRefused(["SC1_UNKNOWN"], () => ask(ledger, "sc1:GetContract", { contractId }));
  if (sc1 !== undefined) return sc1Subject(ledger, sc1);
  return readDisputedSc2(ledger, contractId);
}

/**
 * Reads a device's contract in the name of one of its sides, or of the auditor.
 * @throws CliError INPUT when the ledger has no such contract; EvaluateError ACCESS_NOT_OWNER
 */
export async function readDisputedSc2(ledger: Pick<Ledger, "evaluate">, contractId: string): Promise<DisputedSc2> {
  const found = await findDisputedSc2(ledger, contractId);
  if (found === undefined) throw new CliError("INPUT", `the ledger has no contract ${contractId}`);
  return found;
}

/** As `readDisputedSc2`; undefined where the ledger has no SC2 of that id. */
export async function findDisputedSc2(
  ledger: Pick<Ledger, "evaluate">,
  contractId: string,
): Promise<DisputedSc2 | undefined> {
  const contract = await unlessRefused(["SC2_UNKNOWN"], () => ask(ledger, "sc2:GetContract", { contractId }));
  if (contract === undefined) return undefined;
  const dispute = await unlessRefused(["DISPUTE_UNKNOWN"], () => ask(ledger, "disputes:GetDispute", { contractId }));
  const { vnId } = contract;
  return { kind: "sc2", contractId, vnId, contract, deadlines: deadlinesOf(contract), dispute: dispute ?? null };
}

async function sc1Subject(
  ledger: Pick<Ledger, "evaluate">,
  { contract, chunks }: TransactionResult<"sc1:GetContract">,
): Promise<DisputedContract> {
  const { contractId, vnId } = contract.terms;
  const dispute = await unlessRefused(["DISPUTE_UNKNOWN"], () => ask(ledger, "disputes:GetSc1Dispute", { contractId }));
  const chunkNos = chunks.map(({ chunkNo }) => chunkNo);
  const recomputed =
    contract.settlement === null ? null : recomputeSc1(contract, await chunksOfSc2(ledger, contractId, chunkNos));
  const deadlines = sc1DeadlinesOf(contract);
  return { kind: "sc1", contractId, vnId, contract, deadlines, dispute: dispute ?? null, recomputed };
}
