import { canonicalJson } from "@gridpact/settlement";
import { type Chunk, type Sc1, type Sc2, sha256Hex } from "../agreement/index.ts";
import { sc1SettlementFrom, sumSc2 } from "../sc1/index.ts";

/** A chunk of an SC1 with the SC2 in it, as anyone may read them. */
export type ChunkOfSc2 = { chunk: Chunk; contracts: readonly Sc2[] };

/** What a dispute keeper acts on: it opens a dispute when `isOther`, and sums `changed` anew. */
export type Recomputation = {
  settlement: NonNullable<Sc1["settlement"]>;
  /** Whether the ledger's settlement is another one. */
  isOther: boolean;
  /** Chunks whose SC2 add up to something else by now, and a name of what they add up to. */
  changed: { chunkNo: number; sumsHashHex: string }[];
};

/** What an SC1 comes to from what its SC2 are settled to by now; the SC1 was settled from what they were then. */
export function recomputeSc1(contract: Sc1, chunks: readonly ChunkOfSc2[]): Recomputation {
  const { intervals } = contract.terms;
  const added = chunks.map(({ chunk, contracts }) => ({ chunk, sums: sumSc2(intervals, contracts) }));
  const settlement = sc1SettlementFrom(
    contract,
    added.map(({ sums }) => sums),
  );
  const changed = added
    .filter(({ chunk, sums }) => canonicalJson(sums) !== canonicalJson(chunk.sums))
    .map(({ chunk, sums }) => ({ chunkNo: chunk.chunkNo, sumsHashHex: sha256Hex(canonicalJson(sums)) }));
  return { settlement, isOther: canonicalJson(settlement) !== canonicalJson(contract.settlement), changed };
}
