import { replayTransaction } from "@gridpact/contracts";
import type { SignatureVerifier } from "@gridpact/proto";
import type { ProvenTransaction } from "../evidence/index.ts";
import type { ReplayedState } from "./replayed-state.ts";

/** One difference between what a transaction wrote and what follows. */
export type Difference = { about: string; expected: string; found: string };

/**
 * Everything about one transaction that differs from what its argument, its creator and the state before it lead to.
 * It is run again by the contracts' own code: who may call it, every settlement, payment and penalty follow anew.
 */
export async function auditTransaction(
  transaction: ProvenTransaction,
  { state, verifySignature }: { state: ReplayedState; verifySignature: SignatureVerifier },
): Promise<Difference[]> {
  const { creatorMspId: mspId, creatorAttributes: attributes, creatorCertificatePem: certificatePem } = transaction;
  const past = { ...transaction, creator: { mspId, attributes, certificatePem } };
  const replay = await replayTransaction(past, (key) => state.text(key), verifySignature);
  // Its input was private, so it may have changed nothing that is public.
  if (replay.ok === "sealed") return differencesBetween(new Map(), transaction.writes);
  if (!replay.ok) return [{ about: "the transaction", expected: "to be possible", found: replay.refusal }];
  const differences = differencesBetween(replay.writes, transaction.writes);
  if (replay.result === transaction.result) return differences;
  return [...differences, { about: "the result", expected: replay.result, found: transaction.result }];
}

function differencesBetween(
  expected: ReadonlyMap<string, string | undefined>,
  written: ReadonlyMap<string, string | undefined>,
): Difference[] {
  const keys = new Set([...expected.keys(), ...written.keys()]);
  return [...keys]
    .filter((key) => expected.get(key) !== written.get(key) || expected.has(key) !== written.has(key))
    .map((key) => ({ about: key, expected: wordsFor(expected, key), found: wordsFor(written, key) }));
}

function wordsFor(values: ReadonlyMap<string, string | undefined>, key: string): string {
  return values.has(key) ? (values.get(key) ?? "a deletion") : "no write";
}
