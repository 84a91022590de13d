import { smaller } from "@gridpact/settlement";
import type { RankedVirtualNode } from "./rank-virtual-nodes.ts";

/** What one virtual node is asked for: Wh in each interval of the event. */
export type Allocation = { vnId: string; orderedWh: bigint[] };

/**
 * Shares a request out, best node first, each up to its reliable power. What nobody can carry by these estimates is
 * asked of the best node all the same: estimates err, and a node only nominates what it will deliver.
 */
export function allocate(
  neededWh: readonly bigint[],
  ranking: readonly RankedVirtualNode[],
  mtuMs: number,
): Allocation[] {
  const eligible = ranking.filter((node) => node.isEligible);
  const openWh = [...neededWh];
  const allocations: Allocation[] = [];
  for (const { vnId, reliableW } of eligible) {
    if (openWh.every((each) => each === 0n)) break;
    const capacityWh = BigInt(Math.floor((reliableW * mtuMs) / MS_PER_HOUR));
    const orderedWh = openWh.map((each) => smaller(each, capacityWh));
    orderedWh.forEach((each, index) => {
      openWh[index] = (openWh[index] ?? 0n) - each;
    });
    allocations.push({ vnId, orderedWh });
  }
  const best = allocations[0];
  if (best !== undefined) best.orderedWh = best.orderedWh.map((each, index) => each + (openWh[index] ?? 0n));
  return allocations.filter(({ orderedWh }) => orderedWh.some((each) => each > 0n));
}

const MS_PER_HOUR = 3_600_000;
