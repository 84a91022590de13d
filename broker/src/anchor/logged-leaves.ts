import type { Engine } from "@gridpact/native";

/** Leaves of a batch in order: where each envelope stands in the log, and the RFC 6962 leaf hashes, 32 bytes each. */
export type Leaves = { walSeqs: bigint[]; hashes: Uint8Array };

/** Records read at a time: a full batch, unless many were rejected. */
const READ_RECORDS_MAX = 1_024;

/** The accepted envelopes of `[firstWalSeq, endWalSeq)`, hashed anew from the bytes on disk. */
export async function readLeaves(engine: Engine, firstWalSeq: bigint, endWalSeq: bigint): Promise<Leaves> {
  const walSeqs: bigint[] = [];
  const hashes: Uint8Array[] = [];
  for (let from = firstWalSeq; from < endWalSeq; ) {
    const left = endWalSeq - from;
    const read = await engine.leafHashes(from, left < READ_RECORDS_MAX ? Number(left) : READ_RECORDS_MAX);
    for (const walSeq of read.walSeqs) walSeqs.push(walSeq);
    hashes.push(read.hashes);
    // Short of the end: the caller finds that leaves are missing.
    if (read.nextWalSeq === from) break;
    from = read.nextWalSeq;
  }
  return { walSeqs, hashes: Buffer.concat(hashes) };
}
