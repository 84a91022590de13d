import type { Engine, LoggedLeaves } from "@gridpact/native";

/** Leaves of a batch in order: where each envelope stands in the log, and the RFC 6962 leaf hashes, 32 bytes each. */
export type Leaves = { walSeqs: BigUint64Array; hashes: Uint8Array };

/** Records read at a time: of large envelopes they are 5 MB, hashed by the engine in a few ms between two groups. */
const READ_RECORDS_MAX = 4_096;

/** The accepted envelopes of `[firstWalSeq, endWalSeq)`, hashed anew from the bytes on disk. */
export async function readLeaves(engine: Engine, firstWalSeq: bigint, endWalSeq: bigint): Promise<Leaves> {
  const reads: LoggedLeaves[] = [];
  for (let from = firstWalSeq; from < endWalSeq; ) {
    const left = endWalSeq - from;
    const read = await engine.leafHashes(from, left < READ_RECORDS_MAX ? Number(left) : READ_RECORDS_MAX);
    reads.push(read);
    // Short of the end: the caller finds that leaves are missing.
    if (read.nextWalSeq === from) break;
    from = read.nextWalSeq;
  }
  return { walSeqs: joined(reads), hashes: Buffer.concat(reads.map(({ hashes }) => hashes)) };
}

function joined(reads: readonly LoggedLeaves[]): BigUint64Array {
  const walSeqs = new BigUint64Array(reads.reduce((sum, read) => sum + read.walSeqs.length, 0));
  let offset = 0;
  for (const read of reads) {
    walSeqs.set(read.walSeqs, offset);
    offset += read.walSeqs.length;
  }
  return walSeqs;
}
