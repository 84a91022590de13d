/**
 * Decision support, first version: which virtual node serves a request. A node is eligible when it is alive, wants no
 * more than the programme pays and has something to reduce. Among the eligible ones those that can carry the whole
 * request come first, cheapest first; then the others, largest first. Every position carries its reasons in words.
 */
import type { VirtualNode } from "../registry/index.ts";

export type Need = {
  /** Highest mean power of any interval. */
  peakW: number;
  priceMicroPerWhMax: bigint;
};

export type RankedVirtualNode = {
  vnId: string;
  isEligible: boolean;
  /** Reduction that the node makes by its own account, cut by how reliable it has been. */
  reliableW: number;
  /** `reliableW` over the need, per mille. */
  marginPerMille: number;
  reliabilityPerMille: number;
  priceMicroPerWh: bigint;
  reasons: string[];
};

/** Best first; nodes that are not eligible come last, so that the operator sees why they were passed over. */
export function rankVirtualNodes(
  nodes: readonly VirtualNode[],
  need: Need,
  time: { nowUnixMs: number; aliveMsMax: number },
): RankedVirtualNode[] {
  return nodes.map((node) => judge(node, need, time)).sort(compare);
}

function judge(node: VirtualNode, need: Need, time: { nowUnixMs: number; aliveMsMax: number }): RankedVirtualNode {
  const reduceW = node.heartbeat?.profile.reduceWMax ?? 0;
  const reliableW = Math.floor((reduceW * node.reliabilityPerMille) / 1_000);
  const marginPerMille = need.peakW === 0 ? 1_000 : Math.floor((reliableW * 1_000) / need.peakW);
  const obstacles = obstaclesOf(node, need, time);
  return {
    vnId: node.vnId,
    isEligible: obstacles.length === 0,
    reliableW,
    marginPerMille,
    reliabilityPerMille: node.reliabilityPerMille,
    priceMicroPerWh: node.priceMicroPerWh,
    reasons: [
      ...obstacles,
      `can reduce ${reduceW} W, reliably ${reliableW} W of ${need.peakW} W needed`,
      `delivered ${percent(node.reliabilityPerMille)} of past orders`,
      `wants ${node.priceMicroPerWh} micro/Wh`,
    ],
  };
}

function obstaclesOf(node: VirtualNode, need: Need, time: { nowUnixMs: number; aliveMsMax: number }): string[] {
  if (node.heartbeat === null) return ["not heard of since enrolment"];
  const silentMs = time.nowUnixMs - node.heartbeat.atUnixMs;
  const obstacles: string[] = [];
  if (silentMs > time.aliveMsMax) obstacles.push(`silent for ${Math.floor(silentMs / 1_000)} s`);
  if (node.heartbeat.profile.reduceWMax <= 0) obstacles.push("has nothing to reduce");
  if (node.priceMicroPerWh > need.priceMicroPerWhMax) {
    obstacles.push(`wants more than the ${need.priceMicroPerWhMax} micro/Wh that the programme pays`);
  }
  return obstacles;
}

const WHOLE_PER_MILLE = 1_000;

function compare(left: RankedVirtualNode, right: RankedVirtualNode): number {
  if (left.isEligible !== right.isEligible) return left.isEligible ? -1 : 1;
  const coversLeft = left.marginPerMille >= WHOLE_PER_MILLE;
  if (coversLeft !== right.marginPerMille >= WHOLE_PER_MILLE) return coversLeft ? -1 : 1;
  const byPrice = compareBigint(left.priceMicroPerWh, right.priceMicroPerWh);
  const byReliability = right.reliabilityPerMille - left.reliabilityPerMille;
  const byMargin = right.marginPerMille - left.marginPerMille;
  const order = coversLeft ? [byPrice, byReliability, byMargin] : [byMargin, byPrice, byReliability];
  // The id decides last, so that two runs over the same state choose the same node.
  return order.find((difference) => difference !== 0) ?? (left.vnId < right.vnId ? -1 : 1);
}

function compareBigint(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function percent(perMille: number): string {
  return `${(perMille / 10).toFixed(1)} %`;
}
