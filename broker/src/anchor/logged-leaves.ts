import type { Engine } from "@gridpact/native";
import { decode, envelopeLeafHash, VERDICT } from "@gridpact/proto";

/** Leaves of a batch in order: where each envelope stands in the log, and its RFC 6962 leaf hash. */
export type Leaves = { walSeqs: bigint[]; hashes: Uint8Array[] };

/** Records read at a time; an envelope has at most 64 KiB. */
const READ_RECORDS_MAX = 256;

/** Hashes the accepted envelopes of `[firstWalSeq, endWalSeq)` again, from the bytes on disk. */
export async function readLeaves(engine: Engine, firstWalSeq: bigint, endWalSeq: bigint): Promise<Leaves> {
  const leaves: Leaves = { walSeqs: [], hashes: [] };
  for (let from = firstWalSeq; from < endWalSeq; ) {
    const left = endWalSeq - from;
    const records = await engine.readLog(from, left < READ_RECORDS_MAX ? Number(left) : READ_RECORDS_MAX);
    for (const { walSeq, verdict, bytes } of records) {
      if (verdict !== VERDICT.ACCEPTED) continue;
      leaves.walSeqs.push(walSeq);
      leaves.hashes.push(envelopeLeafHash(decode("SignedEnvelope", bytes)));
    }
    const last = records.at(-1);
    // Short of the end: the caller finds that leaves are missing.
    if (last === undefined) break;
    from = last.walSeq + 1n;
  }
  return leaves;
}
