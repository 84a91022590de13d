import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { type Engine, type LoggedLeaves, rootOfLeaves } from "@gridpact/native";
import { expect, it } from "vitest";
import { BatchIndex } from "./batch-index.ts";
import { InclusionProofs, LEAVES_CACHED_MAX } from "./inclusion.ts";

const SIZE = LEAVES_CACHED_MAX / 2;

/** A log of accepted envelopes whose leaves are all the same; remembers where it was read. */
class SameLeaves {
  readonly reads: bigint[] = [];

  async leafHashes(fromWalSeq: bigint, recordsMax: number): Promise<LoggedLeaves> {
    this.reads.push(fromWalSeq);
    const walSeqs = BigUint64Array.from({ length: recordsMax }, (_, index) => fromWalSeq + BigInt(index));
    return { walSeqs, hashes: new Uint8Array(32 * recordsMax), nextWalSeq: fromWalSeq + BigInt(recordsMax) };
  }
}

it("keeps the leaves of as many batches as fit its bound, and reads those again that did not", async () => {
  const index = await BatchIndex.open(new SimulatedDisk(new SeededRandom("inclusion")));
  const rootHex = Buffer.from(rootOfLeaves(new Uint8Array(32 * SIZE))).toString("hex");
  for (let batchNo = 0; batchNo < 3; batchNo++) {
    const range = { firstWalSeq: BigInt(batchNo * SIZE), endWalSeq: BigInt((batchNo + 1) * SIZE) };
    await index.append({ batchNo, ...range, size: SIZE, rootHex, prevRootHex: index.lastRootHex() });
    await index.setAnchored(batchNo, { transactionId: "tx", blockNumber: 1 });
  }
  const log = new SameLeaves();
  const proofs = new InclusionProofs(index, log as unknown as Engine);
  const isReadFor = async (batchNo: number) => {
    const before = log.reads.length;
    const proof = await proofs.proof(BigInt(batchNo * SIZE + 7));
    expect(proof).toMatchObject({ batchNo, leafIndex: 7, size: SIZE });
    return log.reads.length > before;
  };
  expect([await isReadFor(0), await isReadFor(1)]).toEqual([true, true]);
  expect([await isReadFor(0), await isReadFor(1)]).toEqual([false, false]);
  // One leaf more than there is room for: the batch that was read first goes.
  expect(await isReadFor(2)).toBe(true);
  expect([await isReadFor(1), await isReadFor(0)]).toEqual([false, true]);
});
