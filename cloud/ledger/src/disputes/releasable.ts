import { createHash } from "node:crypto";
import type { Sc2 } from "@gridpact/contracts";
import type { Ledger } from "../client/index.ts";
import { chunksOfSc2, sc2DisputeOf } from "./contract-queries.ts";

/** SC2 of one chunk that hold something back which nobody disputes. */
export type Releasable = {
  /** Names exactly these contracts. */
  key: string;
  contractIds: string[];
};

/** What could be released of the SC2 under an SC1, chunk by chunk, and whether a dispute keeps any back. */
export async function releasable(
  ledger: Pick<Ledger, "evaluate">,
  sc1Id: string,
  chunkNos: readonly number[],
): Promise<{ groups: Releasable[]; isAnyDisputed: boolean }> {
  const groups: Releasable[] = [];
  let isAnyDisputed = false;
  for (const { chunk, contracts } of await chunksOfSc2(ledger, sc1Id, chunkNos)) {
    const holding = contracts.filter(isHolding).map(({ terms }) => terms.contractId);
    const contractIds: string[] = [];
    for (const contractId of holding) {
      const isDisputed = (await sc2DisputeOf(ledger, contractId))?.state === "open";
      if (isDisputed) isAnyDisputed = true;
      else contractIds.push(contractId);
    }
    if (contractIds.length > 0) groups.push({ key: keyOf(`${sc1Id}/${chunk.chunkNo}`, contractIds), contractIds });
  }
  return { groups, isAnyDisputed };
}

function keyOf(chunk: string, contractIds: readonly string[]): string {
  return `release/${chunk}/${createHash("sha256").update(contractIds.join()).digest("hex")}`;
}

function isHolding({ state, heldMicro }: Sc2): boolean {
  return state === "completed" && heldMicro > 0n;
}
