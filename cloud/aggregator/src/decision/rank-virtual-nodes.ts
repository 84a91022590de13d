/**
 * Which virtual node serves a request. A node is eligible when it is alive, wants no more than the programme pays and
 * has something to reduce. Among the eligible ones those that can carry the whole request come first, in the order of
 * the strategy; then the others, largest first. Every position carries its reasons in words.
 */
import { percentText, powerText, priceText } from "@gridpact/page/amounts.js";
import type { VirtualNode } from "../registry/index.ts";
import { calledMilliWhPerW, compareBy, type Strategy, type StrategyTraits } from "./strategy.ts";

/** What an event still needs of one node. Power in W, price as the plan's limit. */
export type Need = {
  /** Highest mean power of any interval. */
  peakW: number;
  priceMicroPerWhMax: bigint;
};

/** A node's place with what it follows from; kept with the event, and shown to the operator as it was then. */
export type RankedVirtualNode = StrategyTraits & {
  vnId: string;
  isEligible: boolean;
  /** Reduction that the node makes by its own account, cut by how reliable it has been. */
  reliableW: number;
  reasons: string[];
};

/** `aliveMsMax`: a node whose newest heartbeat is older is not eligible. */
export type RankOptions = { nowUnixMs: number; aliveMsMax: number; strategy: Strategy };

/** Best first; nodes that are not eligible come last, so that the operator sees why they were passed over. */
export function rankVirtualNodes(nodes: readonly VirtualNode[], need: Need, options: RankOptions): RankedVirtualNode[] {
  return nodes.map((node) => judge(node, need, options)).sort((left, right) => compare(left, right, options.strategy));
}

function judge(node: VirtualNode, need: Need, options: RankOptions): RankedVirtualNode {
  const reduceW = node.heartbeat?.profile.reduceWMax ?? 0;
  const reliableW = Math.floor((reduceW * node.reliabilityPerMille) / 1_000);
  const marginPerMille = need.peakW === 0 ? 1_000 : Math.floor((reliableW * 1_000) / need.peakW);
  const obstacles = obstaclesOf(node, need, options);
  return {
    vnId: node.vnId,
    isEligible: obstacles.length === 0,
    reliableW,
    marginPerMille,
    reliabilityPerMille: node.reliabilityPerMille,
    priceMicroPerWh: node.priceMicroPerWh,
    calledMilliWhPerW: calledMilliWhPerW(node),
    reboundPerMille: node.heartbeat?.profile.reboundPerMille ?? 0,
    reasons: [
      ...obstacles,
      `can reduce ${powerText(reduceW)}, reliably ${powerText(reliableW)} of ${powerText(need.peakW)} needed`,
      `delivered ${percentText(node.reliabilityPerMille)} of past orders`,
      `wants ${priceText(node.priceMicroPerWh)}`,
    ],
  };
}

function obstaclesOf(node: VirtualNode, need: Need, time: RankOptions): string[] {
  if (node.heartbeat === null) return ["not heard of since enrolment"];
  const silentMs = time.nowUnixMs - node.heartbeat.atUnixMs;
  const obstacles: string[] = [];
  if (silentMs > time.aliveMsMax) obstacles.push(`silent for ${Math.floor(silentMs / 1_000)} s`);
  if (node.heartbeat.profile.reduceWMax <= 0) obstacles.push("has nothing to reduce");
  if (node.priceMicroPerWh > need.priceMicroPerWhMax) {
    obstacles.push(`wants more than the ${priceText(need.priceMicroPerWhMax)} that the programme pays`);
  }
  return obstacles;
}

const WHOLE_PER_MILLE = 1_000;

function compare(left: RankedVirtualNode, right: RankedVirtualNode, strategy: Strategy): number {
  if (left.isEligible !== right.isEligible) return left.isEligible ? -1 : 1;
  const coversLeft = left.marginPerMille >= WHOLE_PER_MILLE;
  if (coversLeft !== right.marginPerMille >= WHOLE_PER_MILLE) return coversLeft ? -1 : 1;
  const byMargin = coversLeft ? 0 : right.marginPerMille - left.marginPerMille;
  // The id decides last, so that two runs over the same state choose the same node.
  return byMargin || compareBy(strategy, left, right) || (left.vnId < right.vnId ? -1 : 1);
}
