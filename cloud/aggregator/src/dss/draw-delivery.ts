import type { SeededRandom } from "@gridpact/host";
import { deliveredPerMille, type VirtualNode } from "../registry/index.ts";

/**
 * What a node without history is taken to deliver, as if it had been seen in so many events. An assumption, not a
 * measurement: mostly all, sometimes a third less. Each event of the node's own weighs as much as one of these.
 */
const PRIOR_PER_MILLE = [1_000, 1_000, 950, 650] as const;

/** Spread around the event's share from one interval to the next; the node evens out more than this itself. */
const INTERVAL_SPREAD_PER_MILLE = 50;

const WHOLE_PER_MILLE = 1_000;

/**
 * Shares of its nominations that a node delivers in one possible course of an event, one for each interval, 0 to 1,000
 * per mille. The event's share is one that was seen before or one of the prior, each equally likely, so a node that
 * fails altogether now and then is not mistaken for one that always delivers a little less.
 */
export function drawDelivery(node: VirtualNode, intervalCount: number, random: SeededRandom): number[] {
  // In order, so that the same draw means good luck with every node.
  const seen = [...node.outcomes.map(deliveredPerMille), ...PRIOR_PER_MILLE].sort((left, right) => left - right);
  const eventPerMille = seen[random.below(seen.length)] ?? WHOLE_PER_MILLE;
  return Array.from({ length: intervalCount }, () => {
    const deviation = random.below(2 * INTERVAL_SPREAD_PER_MILLE + 1) - INTERVAL_SPREAD_PER_MILLE;
    return Math.min(WHOLE_PER_MILLE, Math.max(0, eventPerMille + deviation));
  });
}
